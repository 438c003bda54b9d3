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
  if (link.seq <= current.seq || isAhead(current.ahead, link.seq)) return current
  if (!begins && link.seq !== current.seq + 1) return { ...current, ahead: withRun(current.ahead, link.seq) }
  const { seq, ahead } = absorb(link.seq, current.ahead)
  return { groupId, memberId, seq, ahead, lastObject: link.objectId }
}

type Run = [from: number, to: number]

/** `ahead` as its runs. Kept flat, and by run: a message that never comes must not make its sender's row grow without end. */
function runsOf(ahead: readonly number[]): Run[] {
  const runs: Run[] = []
  for (let i = 0; i + 1 < ahead.length; i += 2) runs.push([ahead[i] ?? 0, ahead[i + 1] ?? 0])
  return runs
}

const isAhead = (ahead: readonly number[], seq: number): boolean => runsOf(ahead).some(([from, to]) => from <= seq && seq <= to)

function withRun(ahead: readonly number[], seq: number): number[] {
  const merged: Run[] = []
  for (const [from, to] of [...runsOf(ahead), [seq, seq] satisfies Run].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last !== undefined && from === last[1] + 1) last[1] = to
    else merged.push([from, to])
  }
  return merged.flat()
}

function absorb(start: number, ahead: readonly number[]): { seq: number; ahead: number[] } {
  let seq = start
  for (const [from, to] of runsOf(ahead)) if (from <= seq + 1) seq = Math.max(seq, to)
  return {
    seq,
    ahead: runsOf(ahead)
      .filter(([, to]) => to > seq)
      .flat(),
  }
}

/** How many messages of this sender are known to exist and are not here. */
export const missing = (row: SenderRow): number => {
  const runs = runsOf(row.ahead)
  const last = runs.at(-1)
  return last === undefined ? 0 : last[1] - row.seq - runs.reduce((sum, [from, to]) => sum + to - from + 1, 0)
}
