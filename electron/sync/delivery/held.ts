import type { Eid, GroupId, MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import type { Repositories } from '../../ports/store.ts'
import type { Frontier } from '../../ports/wire.ts'
import { holds } from '../anti-entropy/sender-chain.ts'

/** Of the messages a member is owed, as many as are held against what it says it has; the rest next time. */
const OWED_LOOKED_AT = 1_000

type Said = Pick<Frontier['senders'][number], 'seq' | 'ahead'>

interface Whose {
  groupId: GroupId
  self: MemberId
  memberId: MemberId
  now: number
}

/**
 * What a member says it has of our chain: that is held there from now on; answers what this changed. A chain begins with the first
 * message its reader can read, and counts all before it. So a count is no evidence for what was written where the reader never was: of that
 * only its own acknowledgement is (SPEC, D2).
 */
export function noteHeld(
  tx: Repositories,
  { groupId, self, memberId, now }: Whose,
  said: Said,
  mayHold: (eid: Eid) => boolean,
): ObjectId[] {
  const { seq, ahead = [] } = said
  if (seq === 0 && ahead.length === 0) return []
  const owed = tx.deliveries.owedTo(groupId, memberId, OWED_LOOKED_AT).map((objectId) => tx.objects.get(objectId))
  if (owed.length === 0) return []
  const isHeld = (count: number | null): boolean => count !== null && holds({ seq, ahead }, count)
  const all = owed.every((object) => object === null || mayHold(object.eid))
  const through = all ? tx.deliveries.ackThrough(groupId, self, memberId, seq, now) : []
  const each = owed.flatMap((object) => (object !== null && isHeld(object.senderSeq) && mayHold(object.eid) ? object.objectId : []))
  return [...through, ...each.filter((objectId) => tx.deliveries.ack(objectId, memberId, now))]
}
