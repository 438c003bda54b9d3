import * as z from 'zod'
import type { GroupId, MemberId } from '../../../shared/domain/ids.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import type { Repositories } from '../../ports/store.ts'

type Noting = Pick<Repositories, 'settings' | 'directory'>

const time = z.int().min(0)
const of = (groupId: GroupId, memberId: MemberId): string => `let-in/${groupId}/${memberId}`

/**
 * With the commit by which this device let a newcomer in. No session need ever have proved who they are here, so it says when they were at
 * the other end and no more.
 */
export const noteLetIn = (tx: Noting, groupId: GroupId, memberId: MemberId, at: number): void =>
  tx.settings.set(of(groupId, memberId), toCbor(at))

/** In milliseconds; null where it was another device, or one by an older version. */
export function letInAt(store: Pick<Repositories, 'settings'>, groupId: GroupId, memberId: MemberId): number | null {
  const noted = store.settings.get(of(groupId, memberId))
  return noted && fromCbor(noted, time)
}

/** With everything else of the group. */
export function dropLetIn(tx: Noting, groupId: GroupId): void {
  for (const { memberId } of tx.directory.members(groupId)) tx.settings.delete(of(groupId, memberId))
}
