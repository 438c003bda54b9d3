import { decode, encode, rfc8949EncodeOptions } from 'cborg'
import type { z } from 'zod'

/** Deterministic CBOR (RFC 8949 §4.2.1). */
export const toCbor = (value: unknown): Uint8Array => encode(value, rfc8949EncodeOptions)

/**
 * Strict CBOR of exactly the shape `schema` asks for. Returns null on anything else:
 * bytes come from peers, so being malformed is an outcome and not an exception.
 */
export function fromCbor<T extends z.ZodType>(bytes: Uint8Array, schema: T): z.output<T> | null {
  let value: unknown
  try {
    value = decode(bytes, {
      strict: true,
      allowIndefinite: false,
      allowUndefined: false,
      allowNaN: false,
      allowInfinity: false,
      rejectDuplicateMapKeys: true,
      useMaps: false,
    })
  } catch {
    return null
  }
  const parsed = schema.safeParse(value)
  return parsed.success ? parsed.data : null
}
