import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toCbor } from '../../kernel/cbor.ts'

export interface WireCodec<T> {
  encode(value: T): Uint8Array
  /** Null for anything that is not exactly such a value. Never throws. */
  decode(body: Uint8Array): T | null
  /** Values that must come through unchanged, the largest allowed among them. */
  valid: readonly T[]
  /** What must be refused, as the plain objects that would be encoded, each with what is wrong about it. */
  invalid: readonly (readonly [what: string, wire: unknown])[]
}

/** What every structure of a wire protocol must do with what peers send. */
export function wireCodecContract<T>(name: string, codec: WireCodec<T>): void {
  describe(`${name} on the wire`, () => {
    it('comes back unchanged', () => {
      for (const value of codec.valid) expect(codec.decode(codec.encode(value))).toEqual(value)
    })

    it('is refused when cut short or followed by anything', () => {
      const [value] = codec.valid
      const bytes = value === undefined ? new Uint8Array() : codec.encode(value)
      for (let length = 0; length < bytes.length; length += 1) expect(codec.decode(bytes.subarray(0, length))).toBeNull()
      expect(codec.decode(new Uint8Array([...bytes, 0]))).toBeNull()
    })

    it.each(codec.invalid)('is refused with %s', (_, wire) => {
      expect(codec.decode(toCbor(wire))).toBeNull()
    })

    it.each([null, 0, 'text', [], {}, new Uint8Array(5), [[[[]]]]])('is not %j', (wire) => {
      expect(codec.decode(toCbor(wire))).toBeNull()
    })

    it('is refused when nested without end', () => {
      expect(codec.decode(new Uint8Array(60_000).fill(0x81))).toBeNull()
      expect(codec.decode(new Uint8Array(60_000).fill(0xa1))).toBeNull()
    })

    it('gives a value or null for any bytes, and for a true value with any byte changed', () => {
      const [value] = codec.valid
      const bytes = value === undefined ? new Uint8Array(1) : codec.encode(value)
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (random, at, by) => {
          codec.decode(random)
          const changed = new Uint8Array(bytes)
          changed[at] = ((changed[at] ?? 0) + by) % 256
          codec.decode(changed)
        }),
        { numRuns: 300 },
      )
    })
  })
}
