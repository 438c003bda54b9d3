import { decode, encode, rfc8949EncodeOptions } from 'cborg'
import type * as z from 'zod'
import { CBOR_BOUNDS, isInForm } from './cbor-form.ts'
import type { CborBounds } from './cbor-form.ts'

/** Deterministic CBOR (RFC 8949 §4.2.1). */
export const toCbor = (value: unknown): Uint8Array => encode(value, rfc8949EncodeOptions)

/**
 * Deterministic CBOR of exactly the shape `schema` asks for. Returns null on anything else:
 * bytes come from peers, so being malformed is an outcome and not an exception. So is being more than `bounds`.
 * One value has one form: `toCbor` would give the same bytes again.
 */
export function fromCbor<T extends z.ZodType>(bytes: Uint8Array, schema: T, bounds: CborBounds = CBOR_BOUNDS): z.output<T> | null {
  if (!isInForm(bounds, bytes)) return null
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
