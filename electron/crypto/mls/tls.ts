/** The few pieces of TLS presentation language (RFC 9420 §2.1) that we need apart from the library. */

const concat = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))

export function uint16(value: number): Uint8Array {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

export function uint64(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(value)
  return bytes
}

/** `opaque<V>`: the shortest variable-size length, then the bytes. Throws `RangeError` for 2^30 bytes or more. */
export function opaque(bytes: Uint8Array): Uint8Array {
  const { length } = bytes
  if (length < 2 ** 6) return concat(Uint8Array.of(length), bytes)
  if (length < 2 ** 14) return concat(uint16(length | 0x4000), bytes)
  if (length >= 2 ** 30) throw new RangeError('too long for a vector')
  const prefix = Buffer.alloc(4)
  prefix.writeUInt32BE((length | 0x8000_0000) >>> 0)
  return concat(prefix, bytes)
}

export const struct = concat
