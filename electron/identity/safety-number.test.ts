import { describe, expect, it } from 'vitest'
import { safetyNumber } from './safety-number.ts'

const key = (fill: number) => new Uint8Array(32).fill(fill)

describe('a safety number', () => {
  it('is the same from both sides', () => {
    expect(safetyNumber(key(1), key(2))).toBe(safetyNumber(key(2), key(1)))
  })

  it('is 60 digits in 12 groups', () => {
    expect(safetyNumber(key(1), key(2))).toMatch(/^(\d{5} ){11}\d{5}$/)
  })

  it('stays what it is, so that people can compare across versions', () => {
    expect(safetyNumber(key(1), key(2))).toMatchInlineSnapshot(`"35137 78624 97936 38107 31251 02742 69481 59380 42052 42670 73100 38291"`)
  })

  it('changes as a whole for its half with one bit of either key', () => {
    const changed = key(2)
    changed[31] = 3
    const [before, after] = [safetyNumber(key(1), key(2)).split(' '), safetyNumber(key(1), changed).split(' ')]
    expect(after.slice(0, 6)).toEqual(before.slice(0, 6))
    for (let group = 6; group < 12; group++) expect(after[group]).not.toBe(before[group])
  })

  it('leaves the keys as they are', () => {
    const [one, other] = [key(9), key(3)]
    safetyNumber(one, other)
    expect([one, other]).toEqual([key(9), key(3)])
  })
})
