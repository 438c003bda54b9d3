import { expect, test } from 'vitest'
import { sum, summaryLine, tallyOf } from './tally.mjs'

const report = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 0,
  testResults: [{ status: 'passed', assertionResults: [{ status: 'passed' }] }],
}

test('passed, failed and skipped tests are counted', () => {
  expect(tallyOf(report, 0)).toEqual({ passed: 3, failed: 0, skipped: 1 })
  expect(tallyOf({ ...report, numFailedTests: 2 }, 1)).toEqual({ passed: 3, failed: 2, skipped: 1 })
})

test('a file that failed before its tests counts as one failure, one with failed tests not again', () => {
  const testResults = [
    { status: 'failed', assertionResults: [] },
    { status: 'failed', assertionResults: [{ status: 'skipped' }] },
    { status: 'failed', assertionResults: [{ status: 'failed' }] },
  ]
  expect(tallyOf({ ...report, numFailedTests: 1, testResults }, 1).failed).toBe(3)
})

test('a run that ends badly without a failed test has failed', () => {
  expect(tallyOf(report, 1).failed).toBe(1)
})

test('a run that tested nothing, or left no report, has failed', () => {
  expect(tallyOf({ ...report, numPassedTests: 0 }, 0).failed).toBe(1)
  expect(tallyOf(undefined, 0).failed).toBe(1)
})

test('the last line is the one promised', () => {
  expect(summaryLine(sum([tallyOf({ ...report, numPendingTests: 0 }, 0), { passed: 9, failed: 0, skipped: 0 }]))).toBe(
    '12 passed, 0 failed',
  )
  expect(summaryLine({ passed: 1, failed: 2, skipped: 3 })).toBe('1 passed, 2 failed, 3 skipped')
})
