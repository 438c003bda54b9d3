import { createHash } from 'node:crypto'
import type { ClientState, KeySchedule } from 'ts-mls'
import { copyBytes, equalBytes } from '../../kernel/bytes.ts'
import { struct } from './tls.ts'

/**
 * What every stored part of an epoch begins with: the format, and which epoch it is of, so that parts of two epochs are never
 * put together. The name is a hash of the epoch authenticator (RFC 9420 §8.7) and tells nothing of any other secret.
 */

/** Format 1 was the two blobs of schema 1 (`version-1.ts`). */
const FORMAT = 2
const NAME_BYTES = 16
const HEAD_BYTES = 1 + NAME_BYTES

/** All states of one epoch share its key schedule, and each message asks for the name. */
const names = new WeakMap<KeySchedule, Uint8Array>()

export function epochName({ keySchedule }: Pick<ClientState, 'keySchedule'>): Uint8Array {
  const name = names.get(keySchedule) ?? createHash('sha256').update(keySchedule.epochAuthenticator).digest().subarray(0, NAME_BYTES)
  names.set(keySchedule, name)
  return copyBytes(name)
}

export const label = (name: Uint8Array, content: Uint8Array): Uint8Array => struct(Uint8Array.of(FORMAT), name, content)

/** The name a part gives itself; null if it is of no format we know. */
export const nameOf = (part: Uint8Array): Uint8Array | null =>
  part[0] === FORMAT && part.length >= HEAD_BYTES ? copyBytes(part.subarray(1, HEAD_BYTES)) : null

/** A view on the content; null if it is of another epoch or format. */
export function contentOf(name: Uint8Array, part: Uint8Array): Uint8Array | null {
  const own = nameOf(part)
  return own !== null && equalBytes(own, name) ? part.subarray(HEAD_BYTES) : null
}
