import * as z from 'zod'
import type { GroupId, MemberId } from '../../../shared/domain/ids.ts'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import type { Repositories } from '../../ports/store.ts'

/** When members came whom this device saw coming: the Lamport time of the newest message then. What is older was said before. */

type Reading = Pick<Repositories, 'settings'>

const key = (groupId: GroupId): string => `arrived/${groupId}`
const stored = z.array(z.tuple([z.instanceof(Uint8Array), z.int()]))

function arrivals(store: Reading, groupId: GroupId): Map<MemberId, number> {
  const value = store.settings.get(key(groupId))
  const rows = value === null ? null : fromCbor(value, stored)
  return new Map((rows ?? []).map(([memberId, lamport]) => [toHex(memberId) as MemberId, lamport]))
}

/** Null for whoever was there before this device, and where it cannot be read: they are given nothing. */
export const arrivedAt = (store: Reading, groupId: GroupId, memberId: MemberId): number | null =>
  arrivals(store, groupId).get(memberId) ?? null

/** Call before the directory is told who is a member now. */
export function noteArrivals(tx: Repositories, groupId: GroupId, now: ReadonlySet<MemberId>): void {
  const before = new Set(tx.directory.members(groupId).flatMap(({ memberId, active }) => (active ? [memberId] : [])))
  const fresh = [...now].filter((memberId) => !before.has(memberId))
  // The first time it is this device that is new.
  if (before.size === 0 || fresh.length === 0) return
  const known = arrivals(tx, groupId)
  const lamport = tx.messages.newestLamport(groupId)
  for (const memberId of fresh) known.set(memberId, lamport)
  const rows = [...known].filter(([memberId]) => now.has(memberId))
  tx.settings.set(key(groupId), toCbor(rows.map(([memberId, at]) => [fromHex(memberId), at])))
}

/**
 * This device came where the others are by an invitation, and has of before what nobody there may have been told: it gives nothing of that. In the
 * step that stores it, after its members.
 */
export function noteOwnArrival(tx: Repositories, groupId: GroupId, self: MemberId): void {
  const rows = [...arrivals(tx, groupId).set(self, tx.messages.newestLamport(groupId))]
  tx.settings.set(key(groupId), toCbor(rows.map(([memberId, at]) => [fromHex(memberId), at])))
}

export const dropArrivals = (tx: Reading, groupId: GroupId): void => tx.settings.delete(key(groupId))
