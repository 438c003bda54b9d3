import { relative } from 'node:path'
import { root } from '../setup/paths.mjs'

/** @typedef {{ passed: number, skipped: number, failures: readonly string[] }} Tally a failure is a line that says what and why */

/** A part that could not run. @param {string} failure @returns {Tally} */
export const failedRun = (failure) => ({ passed: 0, skipped: 0, failures: [failure] })

/** @param {readonly Tally[]} tallies @returns {Tally} */
export const sum = (tallies) =>
  tallies.reduce(
    (total, next) => ({
      passed: total.passed + next.passed,
      skipped: total.skipped + next.skipped,
      failures: [...total.failures, ...next.failures],
    }),
    { passed: 0, skipped: 0, failures: [] },
  )

/** @param {Tally} tally */
export const summaryLine = ({ passed, skipped, failures }) =>
  `${passed} passed, ${failures.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`

/**
 * What failed, a line each, and the summary below: the end of a long log is what gets read, and kept.
 * @param {Tally} tally
 */
export const ending = (tally) => `${tally.failures.map((failure) => `✗ ${failure}\n`).join('')}${summaryLine(tally)}`

/**
 * @typedef {object} VitestReport what we use of vitest's JSON report
 * @property {number} numPassedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {readonly FileReport[]} testResults one for each file
 */
/** @typedef {{ name: string, status: string, message?: string, assertionResults: readonly TestReport[] }} FileReport */
/** @typedef {{ status: string, fullName: string, failureMessages?: readonly string[] | null }} TestReport */

/** @param {string | undefined} message */
const firstLine = (message) => (message ?? '').split('\n', 1)[0]?.slice(0, 300) ?? ''

/**
 * A file that failed though none of its tests did counts too: it did not load, or what it prepares for all of its tests did not work.
 * @param {FileReport} file
 */
const failuresOf = ({ name, status, message, assertionResults }) => {
  const file = relative(root, name)
  const failed = assertionResults.filter((test) => test.status === 'failed')
  if (status === 'failed' && failed.length === 0) return [`${file}: ${firstLine(message)}`]
  return failed.map((test) => `${file} > ${test.fullName}: ${firstLine(test.failureMessages?.[0])}`)
}

/**
 * What a run of vitest amounts to. A run that failed without a failed test (an error nobody caught), and one that tested
 * nothing, count as failures.
 * @param {VitestReport | undefined} report undefined when it left none
 * @param {number} status exit status
 * @returns {Tally}
 */
export const tallyOf = (report, status) => {
  if (!report) return failedRun('the tests left no report')
  const passed = report.numPassedTests
  const skipped = report.numPendingTests + report.numTodoTests
  const failures = report.testResults.flatMap(failuresOf)
  if (failures.length === 0 && status !== 0) failures.push(`the tests ended with status ${status}: an error that no test caught`)
  else if (failures.length === 0 && passed === 0) failures.push('nothing was tested')
  return { passed, skipped, failures }
}
