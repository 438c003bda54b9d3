import { copyBytes, equalBytes } from './bytes.ts'

/**
 * What was made of an array of bytes is remembered for as long as the array lives, and only while it still holds the same bytes:
 * a wiped secret is not served from here.
 */
export function remembering<T>(make: (raw: Uint8Array) => T): (raw: Uint8Array) => T {
  const made = new WeakMap<Uint8Array, { raw: Uint8Array; value: T }>()
  return (raw) => {
    const found = made.get(raw)
    if (found !== undefined && equalBytes(found.raw, raw)) return found.value
    const value = make(raw)
    made.set(raw, { raw: copyBytes(raw), value })
    return value
  }
}
