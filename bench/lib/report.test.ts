import { expect, test } from 'vitest'
import { isBusy, takenByOthers } from './machine.ts'
import { rowsOf, table } from './report.ts'
import type { Line } from './report.ts'

const lines: Line<'raw' | 'ours' | 'other'>[] = [
  { name: 'raw', unit: 'ms', against: null },
  { name: 'ours', unit: 'ms', against: 'raw' },
  { name: 'other', unit: 'MB', against: 'raw' },
]

test('a row carries its figures and the ratio to the row it names', () => {
  const rows = rowsOf(lines, { raw: [[1], [2]], ours: [[3], [4]] })
  expect(rows).toMatchObject([
    { name: 'raw', median: 1.5, ratio: null },
    { name: 'ours', median: 3.5, count: 2, ratio: { median: 2.5, low: 2, high: 3 } },
  ])
})

test('a ratio without its baseline is a mistake', () => {
  expect(() => rowsOf(lines, { ours: [[3]] })).toThrow('different rounds')
})

test('a table has its columns one below the other', () => {
  const text = table(rowsOf(lines, { raw: [[1], [200]], ours: [[3], [4]] })).split('\n')
  expect(text).toHaveLength(3)
  expect(text[1]?.indexOf(' ms')).toBe(text[2]?.indexOf(' ms'))
  expect(text[2]).toContain('1.51 × raw (0.0200 to 3.00)')
})

test.each([
  [0.1, false],
  [0.5, true],
])('a machine of which others use %d is busy: %s', (taken, busy) => {
  expect(isBusy(taken)).toBe(busy)
})

test('what others use is a share', async () => {
  const taken = await takenByOthers()
  expect(taken).toBeGreaterThanOrEqual(0)
  expect(taken).toBeLessThanOrEqual(1)
})
