import * as z from 'zod'
import type { GroupId, InvitationId } from '../../../shared/domain/ids.ts'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import type { Repositories } from '../../ports/store.ts'
import type { InvitationSettings } from '../policy/settings.ts'

/** When invitations were made on this device: what the members agree on of one does not say it, and two may be alike in all else. */

type Reading = Pick<Repositories, 'settings'>

const key = (groupId: GroupId): string => `invitations-made/${groupId}`
const stored = z.array(z.tuple([z.instanceof(Uint8Array), z.int().min(0)]))

function made(store: Reading, groupId: GroupId): Map<InvitationId, number> {
  const value = store.settings.get(key(groupId))
  const rows = value === null ? null : fromCbor(value, stored)
  return new Map((rows ?? []).map(([invitationId, at]) => [toHex(invitationId) as InvitationId, at]))
}

/** In milliseconds; null where it was another device, or an older version. */
export const madeAt = (store: Reading, groupId: GroupId, invitationId: InvitationId): number | null =>
  made(store, groupId).get(invitationId) ?? null

/** In the step that makes it. Those that are no more among `others`, the invitations of the space, are forgotten. */
export function noteMade(
  tx: Reading,
  groupId: GroupId,
  invitationId: InvitationId,
  at: number,
  others: readonly InvitationSettings[],
): void {
  const kept = [...made(tx, groupId)].filter(([known]) => others.some((other) => other.invitationId === known))
  tx.settings.set(key(groupId), toCbor([...kept, [invitationId, at] as const].map(([id, time]) => [fromHex(id), time])))
}

export const dropMade = (tx: Reading, groupId: GroupId): void => tx.settings.delete(key(groupId))
