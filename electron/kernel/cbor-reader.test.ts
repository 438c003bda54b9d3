import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { fromHex } from './bytes.ts'
import { item, readCbor } from './cbor-reader.ts'
import type { CborReader } from './cbor-reader.ts'
import { fromCbor, toCbor } from './cbor.ts'

const read = <T>(hex: string, reading: (reader: CborReader) => T): T | null => readCbor(fromHex(hex), reading)
const uint = (reader: CborReader): number => reader.uint()

describe('readCbor', () => {
  it('takes all that is written, in order', () => {
    const written = toCbor([new Uint8Array([1, 2]), null, 'é', new TextEncoder().encode('\ufeffx'), { a: 2 ** 40 }])
    const a = item('a')
    const value = readCbor(written, (reader) => {
      reader.array(5)
      const first = reader.bytes(2)
      const second = reader.nullable(() => reader.uint())
      const [third, fourth] = [reader.text(2), reader.textAsBytes(9)]
      reader.map(1)
      reader.exactly(a)
      return { first, second, third, fourth, a: reader.uint() }
    })
    expect(value).toEqual({ first: new Uint8Array([1, 2]), second: null, third: 'é', fourth: '\ufeffx', a: 2 ** 40 })
  })

  it('shares no memory with what it was read from', () => {
    const written = toCbor(new Uint8Array([1]))
    const value = readCbor(written, (reader) => reader.bytes(1))
    written.fill(0)
    expect(value).toEqual(new Uint8Array([1]))
  })

  it('reads the same whole numbers as the decoder of everything, and no others', () => {
    const numbers = fc.oneof(
      fc.maxSafeNat().map((n) => toCbor(n)),
      fc.integer().map((n) => toCbor(n)),
      fc.uint8Array({ maxLength: 9 }),
      // Every argument, in a form of any length.
      fc.tuple(fc.integer({ min: 0x17, max: 0x1c }), fc.uint8Array({ minLength: 8, maxLength: 8 })).map(([head, argument]) => {
        const size = head < 0x18 ? 0 : Math.min(1 << (head - 0x18), 8)
        return Uint8Array.of(head, ...argument.subarray(8 - size))
      }),
    )
    fc.assert(
      fc.property(numbers, (bytes) => {
        expect(readCbor(bytes, uint)).toBe(fromCbor(bytes, z.int().min(0)))
      }),
      { numRuns: 2_000 },
    )
  })

  it.each<[string, string, (reader: CborReader) => unknown]>([
    ['nothing', '', uint],
    ['a byte too many', '0100', uint],
    ['a longer form of a small number', '1805', uint],
    ['a number cut off', '19ff', uint],
    ['a number that is not exact', '1b0020000000000000', uint],
    ['a whole number written as a float', 'f94500', uint],
    ['a negative number', '20', uint],
    ['an unknown length', '5f4101ff', (reader) => reader.bytes(1)],
    ['a string that promises an exabyte', '7b0fffffffffffffff', (reader) => reader.text(10)],
    ['a string cut off', '6261', (reader) => reader.text(10)],
    ['a longer string', '6161', (reader) => reader.text(0)],
    ['text that is not UTF-8', '62c328', (reader) => reader.text(10)],
    ['bytes that are not UTF-8', '42c328', (reader) => reader.textAsBytes(10)],
    ['bytes for text', '4161', (reader) => reader.text(10)],
    ['bytes of another length', '4161', (reader) => reader.bytes(2)],
    ['a list of another length', '8101', (reader) => reader.array(2)],
    ['a map of another size', 'a0', (reader) => reader.map(1)],
    ['another item', '6162', (reader) => reader.exactly(item('a'))],
  ])('refuses %s', (_, hex, reading) => {
    expect(read(hex, reading)).toBeNull()
  })

  it('lets a fault of its reader through', () => {
    const broken = (): never => {
      throw new RangeError('a defect')
    }
    expect(() => read('01', broken)).toThrow(RangeError)
  })
})
