import { encode } from 'cborg'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { fromHex, toHex } from './bytes.ts'
import { CBOR_BOUNDS } from './cbor-form.ts'
import { fromCbor, toCbor } from './cbor.ts'

const anything = z.unknown()
const read = (hex: string, schema: z.ZodType = anything) => fromCbor(fromHex(hex), schema)

describe('toCbor', () => {
  it('writes the same bytes however the keys were ordered', () => {
    expect(toHex(toCbor({ b: 1, aa: 2, a: 3 }))).toBe(toHex(toCbor({ aa: 2, a: 3, b: 1 })))
    // RFC 8949 §4.2.1: by the bytes of the encoded keys, so the shorter comes first
    expect(toHex(toCbor({ b: 1, aa: 2, a: 3 }))).toBe('a3616103616201626161' + '02')
  })
})

describe('fromCbor', () => {
  it('gives back what was written', () => {
    const value = { text: 'é', bytes: new Uint8Array([1, 2]), list: [1, null, true, -5] }
    expect(fromCbor(toCbor(value), anything)).toEqual(value)
  })

  it.each([
    ['nothing', ''],
    ['a byte too many', '0100'],
    ['a truncated string', '6261'],
    ['a longer form of a small number', '1805'],
    ['an array of unknown length', '9f01ff'],
    ['a string of unknown length', '7f6161ff'],
    ['undefined', 'f7'],
    ['not a number', 'f97e00'],
    ['infinity', 'f97c00'],
    ['the same key twice', 'a2616101616102'],
    ['a key that is no text', 'a10102'],
    ['a tag', 'c001'],
    ['an array that promises four billion entries', '9affffffff01'],
    ['a text that promises an exabyte', '7b0fffffffffffffff'],
    ['text that is not UTF-8', '62c328'],
    ['half of a surrogate pair', '63eda080'],
    ['a whole number written as a float', 'f94500'],
    ['keys in another order', 'a2616202616101'],
  ])('refuses %s', (_, hex) => {
    expect(read(hex)).toBeNull()
  })

  it('survives arrays nested deeper than the stack', () => {
    expect(fromCbor(new Uint8Array(500_000).fill(0x81), anything)).toBeNull()
  })

  it('is as deep as it may be, and no deeper', () => {
    const nested = (depth: number) => new Uint8Array([...new Uint8Array(depth).fill(0x81), 0])
    expect(fromCbor(nested(CBOR_BOUNDS.depth), anything)).not.toBeNull()
    expect(fromCbor(nested(CBOR_BOUNDS.depth + 1), anything)).toBeNull()
    expect(fromCbor(nested(3), anything, { items: 10, depth: 2 })).toBeNull()
  })

  it('has as many items as it may have, and no more', () => {
    const list = (length: number) => toCbor(Array.from({ length }, () => 0))
    expect(fromCbor(list(CBOR_BOUNDS.items - 1), anything)).toHaveLength(CBOR_BOUNDS.items - 1)
    expect(fromCbor(list(CBOR_BOUNDS.items), anything)).toBeNull()
    expect(fromCbor(toCbor({ a: 1, b: 2 }), anything, { items: 5, depth: 1 })).not.toBeNull()
    expect(fromCbor(toCbor({ a: 1, b: 2 }), anything, { items: 4, depth: 1 })).toBeNull()
  })

  it('looks at no more of what is out of bounds than it must, and hands none of it to the decoder', () => {
    // two megabytes: arrays in an array that is 5,000 deep, which held up everything else for half a minute
    const wide = Buffer.alloc(2_000_000, Buffer.from([0x81, 0x00]))
    const head = Buffer.from([0x9a, 0, 0x0f, 0x42, 0x40])
    let asked = false
    const noticed = z.unknown().refine(() => (asked = true))
    expect(fromCbor(new Uint8Array(Buffer.concat([Buffer.alloc(5_000, 0x81), head, wide])), noticed)).toBeNull()
    expect(fromCbor(new Uint8Array(Buffer.concat([head, wide])), noticed)).toBeNull()
    expect(asked).toBe(false)
  })

  it('refuses what the schema does not ask for', () => {
    const schema = z.strictObject({ a: z.int() })
    expect(fromCbor(encode({ a: 1 }), schema)).toEqual({ a: 1 })
    expect(fromCbor(encode({ a: 1, b: 2 }), schema)).toBeNull()
    expect(fromCbor(encode({ a: 2n ** 60n }), schema)).toBeNull()
  })

  it('takes __proto__ for a key like any other', () => {
    const hex = 'a1' + '695f5f70726f746f5f5f' + 'a1616101'
    expect(read(hex, z.strictObject({ a: z.int() }))).toBeNull()
    expect(({} as Record<string, unknown>)['a']).toBeUndefined()
  })
})
