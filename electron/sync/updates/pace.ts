import { createHash } from 'node:crypto'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { fromHex } from '../../kernel/bytes.ts'

/** How often a device renews its keys in a group, in milliseconds. */
export interface KeyPace {
  /** A key is replaced when it is between so old and so old in a small group. */
  leastMs: number
  mostMs: number
  /** After a commit of anybody the next update waits for so long, and up to as long again, */
  quietMs: number
  /** until it is so late that it waits for no more than `settledMs`: somebody who commits all the time must not put others off. */
  patienceMs: number
  /** A commit is with everybody who is connected, and they have acknowledged it (SPEC.md F4), after so long. */
  settledMs: number
  /** What is due and cannot be done now is tried again within so long. */
  againMs: number
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** decisions/0011: about once a week. */
export const WEEKLY: KeyPace = {
  ...{ leastMs: 5 * DAY, mostMs: 9 * DAY },
  ...{ quietMs: HOUR, patienceMs: DAY, settledMs: MINUTE, againMs: 10 * MINUTE },
}

/** Devices of a group whose updates, one a week each, take half of the epochs that are kept for a month (`KEPT_EPOCHS`). */
const FEW_LEAVES = 16
/** However many there are: what was stolen must not be of use for much longer than a month. */
const MOST_TIMES = 4

/**
 * How old a key may become in a group of so many leaves. It follows from the key itself, which is random: so it differs between
 * devices, groups and keys, needs no place to be remembered, and is the same after a restart.
 */
export function lifeOf(groupId: GroupId, key: Uint8Array, leaves: number, { leastMs, mostMs }: KeyPace): number {
  const digest = createHash('sha256').update('spacepanda/key-life').update(fromHex(groupId)).update(key).digest()
  const life = leastMs + (digest.readUInt32BE(0) / 2 ** 32) * (mostMs - leastMs)
  return Math.floor(life * Math.min(MOST_TIMES, Math.max(1, leaves / FEW_LEAVES)))
}
