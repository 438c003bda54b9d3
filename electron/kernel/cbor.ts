import { decode, encode, rfc8949EncodeOptions } from 'cborg'
import type { z } from 'zod'
import { equalBytes } from './bytes.ts'
import { CBOR_BOUNDS, isWithin } from './cbor-bounds.ts'
import type { CborBounds } from './cbor-bounds.ts'

/** Deterministic CBOR (RFC 8949 §4.2.1). */
export const toCbor = (value: unknown): Uint8Array => encode(value, rfc8949EncodeOptions)

/**
 * Deterministic CBOR of exactly the shape `schema` asks for. Returns null on anything else:
 * bytes come from peers, so being malformed is an outcome and not an exception. So is being more than `bounds`.
 */
export function fromCbor<T extends z.ZodType>(bytes: Uint8Array, schema: T, bounds: CborBounds = CBOR_BOUNDS): z.output<T> | null {
  if (!isWithin(bounds, bytes)) return null
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
    // The decoder mends text that is not UTF-8 and takes keys in any order: one value must have one form.
    if (!equalBytes(toCbor(value), bytes)) return null
  } catch {
    return null
  }
  const parsed = schema.safeParse(value)
  return parsed.success ? parsed.data : null
}
