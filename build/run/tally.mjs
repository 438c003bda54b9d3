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
 * @property {readonly { status: string, assertionResults: readonly { status: string }[] }[]} testResults one for each file
 */

/**
 * Files that failed though none of their tests did: they did not load, or what they prepare for all their tests did not work.
 * @param {VitestReport} report
 */
const failedFiles = ({ testResults }) =>
  testResults.filter(({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'))
    .length

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
  const failed = report.numFailedTests + failedFiles(report)
  const silent = failed === 0 && (status !== 0 || passed === 0)
  return { passed, failed: silent ? 1 : failed, skipped }
}
