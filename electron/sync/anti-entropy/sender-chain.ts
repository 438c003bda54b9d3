import type { GroupId, MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import type { SenderRow } from '../../ports/store.ts'

/** Where one message stands in its sender's chain. */
export interface ChainLink {
  groupId: GroupId
  memberId: MemberId
  objectId: ObjectId
  seq: number
  prev: { epoch: number } | null
}

/**
 * A sender's row once `link` is here. The chain begins at the first message this device can read: the one whose
 * predecessor is of an epoch before it joined. Until that one arrives nothing counts as complete, so that a message
 * overtaken by a later one is still asked for.
 */
export function advance(row: SenderRow | null, link: ChainLink, joinedEpoch: number): SenderRow {
  const { groupId, memberId } = link
  const current = row ?? { groupId, memberId, seq: 0, ahead: [], lastObject: null }
  // Once it has begun it only continues: a predecessor said to be old must not make a gap look closed.
  const begins = current.seq === 0 && (link.prev === null || link.prev.epoch < joinedEpoch)
  if (link.seq <= current.seq || current.ahead.includes(link.seq)) return current
  if (!begins && link.seq !== current.seq + 1) return { ...current, ahead: [...current.ahead, link.seq].sort((a, b) => a - b) }
  const { seq, ahead } = absorb(link.seq, current.ahead)
  return { groupId, memberId, seq, ahead, lastObject: link.objectId }
}

function absorb(start: number, ahead: readonly number[]): { seq: number; ahead: number[] } {
  let seq = start
  for (const next of ahead) if (next === seq + 1) seq = next
  return { seq, ahead: ahead.filter((n) => n > seq) }
}

/** How many messages of this sender are known to exist and are not here. */
export const missing = (row: SenderRow): number => {
  const last = row.ahead.at(-1)
  return last === undefined ? 0 : last - row.seq - row.ahead.length
}
