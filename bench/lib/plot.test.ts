import { expect, test } from 'vitest'
import { plot } from './plot.ts'

test('curves stand under each other, each from zero to its own most', () => {
  const lines = plot(
    [2, 10, 250],
    [
      { name: 'grows', values: [0, 0.5, 1], remark: 'so' },
      { name: 'stays', values: [1234, 1234, 1234], remark: '' },
    ],
  )
  expect(lines).toEqual(['               2     10   250', 'grows  ▁▄█  0.00  0.500  1.00  so', 'stays  ███  1234   1234  1234'])
})
