import { InvalidArgumentError } from 'commander'
import { describe, expect, it } from 'vitest'
import { countUpTo, parseCount, parseDuration } from './numbers.ts'

describe('a duration', () => {
  it.each([
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['12h', 43_200_000],
    ['7d', 604_800_000],
    ['0s', 0],
    ['999999d', 86_399_913_600_000],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  it.each(['', '7', 'd', '7w', '7 d', '-7d', '+7d', '1.5h', '7dd', '1000000d', '7D', '٧d', '7d\n', 'toString'])('%j is none', (text) => {
    expect(() => parseDuration(text)).toThrow(InvalidArgumentError)
  })
})

describe('a count', () => {
  it.each([
    ['1', 1],
    ['200', 200],
    ['999999999', 999_999_999],
  ])('%s', (text, count) => {
    expect(parseCount(text)).toBe(count)
  })

  it.each(['', '0', '01', '-1', '+1', '1.0', '1e3', ' 1', '1 ', '0x1', '1000000000', 'NaN', '١'])('%j is none', (text) => {
    expect(() => parseCount(text)).toThrow(InvalidArgumentError)
  })
})

describe('a count with a limit', () => {
  it('is taken up to it, and what is beyond is told what the limit is', () => {
    expect(countUpTo(1000)('1000')).toBe(1000)
    for (const text of ['1001', '1000000000', '0', 'x'])
      expect(() => countUpTo(1000)(text)).toThrow('It must be a whole number from 1 to 1000.')
  })
})
