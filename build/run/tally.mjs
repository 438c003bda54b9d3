/** @typedef {{ passed: number, failed: number, skipped: number }} Tally */

/** A part that could not run. @type {Tally} */
export const failedRun = { passed: 0, failed: 1, skipped: 0 }

/** @param {readonly Tally[]} tallies @returns {Tally} */
export const sum = (tallies) =>
  tallies.reduce(
    (total, next) => ({
      passed: total.passed + next.passed,
      failed: total.failed + next.failed,
      skipped: total.skipped + next.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  )

/** @param {Tally} tally */
export const summaryLine = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`

/**
 * @typedef {object} VitestReport what we use of vitest's JSON report
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {number} numFailedTestSuites
 */

/**
 * What a run of vitest amounts to. A run that failed without a failed test (a file that does not load, an error nobody
 * caught), and one that tested nothing, count as failures.
 * @param {VitestReport | undefined} report undefined when it left none
 * @param {number} status exit status
 * @returns {Tally}
 */
export const tallyOf = (report, status) => {
  if (!report) return failedRun
  const passed = report.numPassedTests
  const skipped = report.numPendingTests + report.numTodoTests
  const silent = report.numFailedTests === 0 && (status !== 0 || passed === 0)
  return { passed, failed: silent ? 1 : report.numFailedTests, skipped }
}
