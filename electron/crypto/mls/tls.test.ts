import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import { opaque, readOpaque, struct, uint16, uint32, uint64 } from './tls.ts'

describe('what TLS presentation language says', () => {
  it('of numbers, most significant byte first', () => {
    expect(toHex(struct(uint16(0x1234), uint32(0xfedcba98), uint64(2n ** 63n + 1n)))).toBe('1234' + 'fedcba98' + '8000000000000001')
  })

  it.each([
    [0, '00'],
    [63, '3f'],
    [64, '4040'],
    [16_383, '7fff'],
    [16_384, '80004000'],
  ])('of a vector of %d bytes: the shortest length, then the bytes', (length, prefix) => {
    const encoded = opaque(new Uint8Array(length).fill(7))
    expect(toHex(encoded.subarray(0, prefix.length / 2))).toBe(prefix)
    expect(encoded.length).toBe(prefix.length / 2 + length)
  })
})

describe('readOpaque', () => {
  it('reads what was written, wherever it lies', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20_000 }), fc.nat(9), (bytes, at) => {
        const whole = struct(new Uint8Array(at), opaque(bytes), Uint8Array.of(1))
        expect(readOpaque(whole, at)).toEqual({ value: bytes, end: whole.length - 1 })
      }),
    )
  })

  it.each([
    ['nothing', ''],
    ['a vector cut off', '02ff'],
    ['a length cut off', '40'],
    ['a longer form of a short length', '4001ff'],
    ['the longest form of a short length', '80000001ff'],
    ['a length of eight bytes', 'c000000000000001ff'],
    ['a length beyond the end of the last', 'bfffffff00'],
  ])('refuses %s', (_, hex) => {
    expect(readOpaque(fromHex(hex), 0)).toBeNull()
  })
})
