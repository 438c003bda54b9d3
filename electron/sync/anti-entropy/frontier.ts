import type { MemberId } from '../../../shared/domain/ids.ts'
import type { GroupRow, ObjectRow, SenderRow } from '../../ports/store.ts'
import type { Frontier } from '../../ports/wire.ts'

/** As many senders as a `Frontier` may name. What is sent again of those it leaves out is known here already. */
const MAX_SENDERS = 256

export function frontierOf(group: GroupRow, senders: readonly SenderRow[]): Frontier {
  const { groupId, tip, epoch, joinedEpoch, selfMemberId, sentSeq } = group
  const others = senders.filter((s) => s.memberId !== selfMemberId).map(({ memberId, seq }) => ({ memberId, seq }))
  const all = [{ memberId: selfMemberId, seq: sentSeq }, ...others]
  return { groupId, eid: tip, epoch, joinedEpoch, senders: all.slice(0, MAX_SENDERS) }
}

/** What a member whose leaf we cannot check yet may know: only where we stand, so that it can bring what we lack. */
export const bareFrontier = (group: GroupRow): Frontier => ({
  groupId: group.groupId,
  eid: group.tip,
  epoch: group.epoch,
  joinedEpoch: group.epoch,
  senders: [],
})

/** Whether the owner of a frontier lacks an object and could read it. */
export function lacks(theirs: Frontier, reader: MemberId): (object: ObjectRow) => boolean {
  const has = new Map(theirs.senders.map((s) => [s.memberId, s.seq]))
  return (object) => {
    if (object.senderSeq === null) return object.epoch >= theirs.epoch
    return object.sender !== reader && object.epoch >= theirs.joinedEpoch && object.senderSeq > (has.get(object.sender) ?? 0)
  }
}

/** Two members in epochs of one number that are not the same epoch followed different commits. */
export const isSplit = (ours: GroupRow, theirs: Frontier): boolean => ours.epoch === theirs.epoch && ours.tip !== theirs.eid
