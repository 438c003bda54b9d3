import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../setup/paths.mjs'
import { ending, failedRun, sum, summaryLine, tallyOf } from './tally.mjs'

const file = (name: string, status: string, assertionResults: { status: string; fullName: string; failureMessages?: string[] }[]) => ({
  name: join(root, name),
  status,
  message: 'Error: it did not load\n    at somewhere',
  assertionResults,
})
const report = {
  numPassedTests: 3,
  numPendingTests: 1,
  numTodoTests: 0,
  testResults: [file('a.test.ts', 'passed', [{ status: 'passed', fullName: 'a works' }])],
}

test('passed and skipped tests are counted, and failed ones are named with their reason', () => {
  expect(tallyOf(report, 0)).toEqual({ passed: 3, skipped: 1, failures: [] })
  const failed = { status: 'failed', fullName: 'b holds', failureMessages: ['AssertionError: 1 is not 2\n    at b.test.ts:3'] }
  expect(tallyOf({ ...report, testResults: [file('b.test.ts', 'failed', [failed])] }, 1).failures).toEqual([
    'b.test.ts > b holds: AssertionError: 1 is not 2',
  ])
})

test('a file that failed before its tests counts as one failure, one with failed tests not again', () => {
  const testResults = [
    file('a.test.ts', 'failed', []),
    file('b.test.ts', 'failed', [{ status: 'skipped', fullName: 'b' }]),
    file('c.test.ts', 'failed', [{ status: 'failed', fullName: 'c' }]),
  ]
  expect(tallyOf({ ...report, testResults }, 1).failures).toEqual([
    'a.test.ts: Error: it did not load',
    'b.test.ts: Error: it did not load',
    'c.test.ts > c: ',
  ])
})

test('a run that ends badly without a failed test has failed', () => {
  expect(tallyOf(report, 1).failures).toHaveLength(1)
})

test('a run that tested nothing, or left no report, has failed', () => {
  expect(tallyOf({ ...report, numPassedTests: 0 }, 0).failures).toEqual(['nothing was tested'])
  expect(tallyOf(undefined, 0).failures).toHaveLength(1)
})

test('the last line is the one promised, below what failed', () => {
  const passed = { passed: 9, skipped: 0, failures: [] }
  expect(summaryLine(sum([tallyOf({ ...report, numPendingTests: 0 }, 0), passed]))).toBe('12 passed, 0 failed')
  expect(ending(passed)).toBe('9 passed, 0 failed')
  expect(ending(sum([{ passed: 1, skipped: 3, failures: ['one'] }, failedRun('two')]))).toBe('✗ one\n✗ two\n1 passed, 2 failed, 3 skipped')
})
