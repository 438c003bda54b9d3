import { hkdfSync } from 'node:crypto'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { concatBytes, fromHex, utf8 } from '../../kernel/bytes.ts'
import { ed25519PublicKey } from '../../identity/index.ts'

const LABEL = 'spacepanda/mailbox/1'
export const DAY_MS = 24 * 3_600_000
/** How far the clock of a mailbox, and of whoever asks it, may be apart: by then a request would be of another day. */
export const MAX_APART_MS = 10 * 60_000

/** Days since 1970-01-01 UTC. */
export const dayOf = (ms: number): number => Math.floor(ms / DAY_MS)

/** What members share on one day of a mailbox, as long as they share a presence key. */
export interface DayKeys {
  /** An Ed25519 public key: all that a mailbox knows them by. Another each day. */
  tag: Uint8Array
  /** Its private half: who has it may write and read. */
  seed: Uint8Array
  sealingKey: Uint8Array
  /** Nonces follow from it and from what is sealed. */
  nonceKey: Uint8Array
}

/**
 * From a presence key, so that whoever was removed, who knows older ones only, neither finds nor reads what is put afterwards, and members
 * who were away find what leads to the newer one.
 */
export function dayKeys(groupId: GroupId, presenceKey: Uint8Array, day: number): DayKeys {
  const number = new Uint8Array(4)
  new DataView(number.buffer).setUint32(0, day)
  const keys = new Uint8Array(hkdfSync('sha256', presenceKey, utf8(LABEL), concatBytes(fromHex(groupId), number), 96))
  const seed = keys.slice(0, 32)
  return { tag: ed25519PublicKey(seed), seed, sealingKey: keys.slice(32, 64), nonceKey: keys.slice(64) }
}
