import { concatBytes } from '../../kernel/bytes.ts'

/** The few pieces of TLS presentation language (RFC 9420 §2.1) that we need apart from the library. */

export const uint16 = (value: number): Uint8Array => Uint8Array.of(value >>> 8, value)

export const uint32 = (value: number): Uint8Array => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)

export function uint64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, value)
  return bytes
}

/** The shortest variable-size length. Throws `RangeError` for 2^30 or more. */
function lengthOf({ length }: Uint8Array): Uint8Array {
  if (length < 2 ** 6) return Uint8Array.of(length)
  if (length < 2 ** 14) return uint16(length | 0x4000)
  if (length >= 2 ** 30) throw new RangeError('too long for a vector')
  return uint32(length | 0x8000_0000)
}

/** `opaque<V>`: the shortest variable-size length, then the bytes. Throws `RangeError` for 2^30 bytes or more. */
export const opaque = (bytes: Uint8Array): Uint8Array => concatBytes(lengthOf(bytes), bytes)

export const struct = concatBytes

/** One `opaque<V>` at `offset`, as a view, and where it ends. Null if it is cut off, or its length is not the shortest there is. */
export function readOpaque(bytes: Uint8Array, offset: number): { value: Uint8Array; end: number } | null {
  const first = bytes[offset] ?? 0xff
  const size = 1 << (first >>> 6)
  if (size > 4 || offset + size > bytes.length) return null
  let length = first & 0x3f
  for (let i = 1; i < size; i++) length = length * 0x100 + (bytes[offset + i] ?? 0)
  const isShortest = size === 1 || length >= (size === 2 ? 2 ** 6 : 2 ** 14)
  const [start, end] = [offset + size, offset + size + length]
  return isShortest && end <= bytes.length ? { value: bytes.subarray(start, end), end } : null
}
