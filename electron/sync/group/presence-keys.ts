import * as z from 'zod'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { equalBytes } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import type { Repositories } from '../../ports/store.ts'
import type { SpaceSettings } from '../policy/settings.ts'

/**
 * The presence keys that a group had before. Each removal renews the key; a member who was away then knows only the one before and
 * is to be recognised all the same, and so is the one who was removed and does not know it yet. The price: somebody removed can tell
 * for as long as this that we are still there, and nothing else.
 */
const KEPT = { atLeast: 8, atMost: 32, forMs: 30 * 24 * 3_600_000 } as const

type Reading = Pick<Repositories, 'settings'>

const key = (groupId: GroupId): string => `presence-keys/${groupId}`
const bytes = z.instanceof(Uint8Array).refine((value) => value.length === 32)
const stored = z.array(z.tuple([bytes, z.number()]))

const read = (store: Reading, groupId: GroupId): z.output<typeof stored> => {
  const value = store.settings.get(key(groupId))
  return (value === null ? null : fromCbor(value, stored)) ?? []
}

/** Newest first. */
export const olderPresenceKeys = (store: Reading, groupId: GroupId): Uint8Array[] =>
  read(store, groupId).map(([presenceKey]) => presenceKey)

/** Newest first, with when each gave way to the next here. */
export const presenceKeysBefore = (store: Reading, groupId: GroupId): { presenceKey: Uint8Array; until: number }[] =>
  read(store, groupId).map(([presenceKey, until]) => ({ presenceKey, until }))

/** Writes only where it changed: nearly every step of a group leaves it alone. */
export function notePresenceKey(
  tx: Reading,
  groupId: GroupId,
  { was, is, now }: { was: Pick<SpaceSettings, 'presenceKey'>; is: Pick<SpaceSettings, 'presenceKey'>; now: number },
): void {
  if (was === is || equalBytes(was.presenceKey, is.presenceKey)) return
  const known = read(tx, groupId).filter(([one]) => !equalBytes(one, was.presenceKey))
  const older = known.filter(([, until], i) => i + 1 < KEPT.atLeast || now - until < KEPT.forMs)
  const keys: [Uint8Array, number][] = [[was.presenceKey, now], ...older]
  tx.settings.set(key(groupId), toCbor(keys.slice(0, KEPT.atMost)))
}

export const dropPresenceKeys = (tx: Reading, groupId: GroupId): void => tx.settings.delete(key(groupId))
