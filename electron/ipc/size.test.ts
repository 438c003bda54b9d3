import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSmallPlainData } from './size.ts'

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])

describe('isSmallPlainData', () => {
  it('accepts what calls carry', () => {
    expect(isSmallPlainData({ name: 'Ada', list: [1, true, null, undefined, 'x'] }, 100)).toBe(true)
  })

  it.each([
    ['a long string', 'x'.repeat(101)],
    ['a long key', { ['x'.repeat(101)]: 1 }],
    ['many entries', Array.from({ length: 101 }, () => 0)],
    ['a huge sparse list', new Array(2 ** 31)],
    ['deep nesting', nested(9)],
    ['bytes', new Uint8Array(8)],
    ['a map', new Map()],
    ['a date', new Date(0)],
    ['an error', new Error('x')],
    ['a big integer', 10n],
  ])('refuses %s', (_what, value) => {
    expect(isSmallPlainData(value, 100)).toBe(false)
  })

  it('refuses a circle', () => {
    const circle: unknown[] = []
    circle.push(circle)
    expect(isSmallPlainData(circle, 1000)).toBe(false)
  })

  it('counts at least what JSON would hold of text', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (texts) => {
        const units = texts.reduce((sum, text) => sum + text.length, 0)
        expect(isSmallPlainData(texts, units)).toBe(false)
      }),
    )
  })
})
