import { describe, expect, test } from 'vitest'
import { median, quantile, ratioOf, summarise } from './stats.ts'

describe('a quantile', () => {
  test.each<[number[], number, number]>([
    [[7], 0.95, 7],
    [[1, 2, 3, 4], 0.5, 2.5],
    [[3, 1, 2], 0.5, 2],
    [[4, 1, 3, 2, 5], 0, 1],
    [[4, 1, 3, 2, 5], 1, 5],
    // numpy.quantile(range(1, 101), .95)
    [Array.from({ length: 100 }, (_, i) => 100 - i), 0.95, 95.05],
  ])('of %j at %d', (samples, share, expected) => {
    expect(quantile(samples, share)).toBeCloseTo(expected, 10)
  })

  test('sorts as numbers and leaves its input alone', () => {
    const samples = [10, 9, 100]
    expect(median(samples)).toBe(10)
    expect(samples).toEqual([10, 9, 100])
  })

  test('of nothing, or of what is no number, is a mistake and not a figure', () => {
    expect(() => median([])).toThrow('nothing was measured')
    expect(() => median([1, NaN])).toThrow('no number')
    expect(() => median([1, Infinity])).toThrow('no number')
  })
})

test('a summary tells the middle, the slow end, and how wide the middle half is', () => {
  expect(summarise([1, 2, 3, 4, 5])).toEqual({ count: 5, median: 3, p95: 4.8, spread: 2 / 3 })
  expect(summarise([0, 0])).toMatchObject({ median: 0, spread: 0 })
})

describe('a ratio', () => {
  test('is taken round by round, so that a round in which everything was slow does not move it', () => {
    const baseline = [[10, 10], [10], [1000, 1000, 1000]]
    const subject = [[20, 20], [22], [1900]]
    expect(ratioOf(subject, baseline)).toEqual({ median: 2, low: 1.9, high: 2.2 })
  })

  test('needs a baseline in every round, and one that took time', () => {
    expect(() => ratioOf([[1], [1]], [[1]])).toThrow('different rounds')
    expect(() => ratioOf([[1]], [[]])).toThrow('nothing was measured')
    expect(() => ratioOf([[1]], [[0]])).toThrow('took no time')
  })
})
