import { equalBytes } from '../../kernel/bytes.ts'
import { toCbor } from '../../kernel/cbor.ts'
import type { EpochParts } from '../../ports/mls-epoch.ts'

/** Every byte of a state's parts, in one order. */
export const flatten = (parts: EpochParts): Uint8Array => toCbor(parts)

export const sameParts = (a: EpochParts, b: EpochParts): boolean => equalBytes(flatten(a), flatten(b))

/** Overwrites all bytes anywhere in a value, as a store would that reuses its memory. */
export function wipe(value: unknown): void {
  if (value instanceof Uint8Array) value.fill(0)
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach(wipe)
}
