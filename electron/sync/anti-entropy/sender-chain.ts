import type { GroupId, MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import type { GroupRow, SenderRow } from '../../ports/store.ts'
import { beginningOf, eraOf } from './era.ts'

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
 * A later era lies ahead for ever: what its sender lost of an earlier one may still turn up somewhere, and is wanted.
 */
export function advance(row: SenderRow | null, link: ChainLink, joinedEpoch: number): SenderRow {
  const { groupId, memberId } = link
  const current = row ?? { groupId, memberId, seq: 0, ahead: [], lastObject: null }
  // Once it has begun it only continues: a predecessor said to be old must not make a gap look closed.
  const first = link.prev === null || link.prev.epoch < joinedEpoch
  const era = eraOf(link.seq)
  if (link.seq <= current.seq || isAhead(current.ahead, link.seq)) return current
  if (era > 0) {
    const start = beginningOf(era) + 1
    return { ...current, ahead: withRun(current.ahead, [first && !isAhead(current.ahead, start) ? start : link.seq, link.seq]) }
  }
  const begins = current.seq === 0 && first
  if (!begins && link.seq !== current.seq + 1) return { ...current, ahead: withRun(current.ahead, [link.seq, link.seq]) }
  const { seq, ahead } = absorb(link.seq, current.ahead)
  return { groupId, memberId, seq, ahead, lastObject: link.objectId }
}

/** Twice the gaps that one sender's chain may have (`SenderRow.ahead`). A gap that never closes costs one of them, and mutes nobody. */
const MAX_AHEAD = 1_000

/** Whether `after` has more gaps than a chain may. What fills one is always taken: nothing else would ever make room again. */
export const isTorn = (after: SenderRow, before: SenderRow | null): boolean =>
  after.ahead.length > Math.max(MAX_AHEAD, before?.ahead.length ?? 0)

/**
 * As if all had come that is missing between its first two runs: who tears a chain has one gap less that is asked for, and no chain grows
 * without end.
 */
export function withoutOldestGap(row: SenderRow): SenderRow {
  const [first, next, ...rest] = runsOf(row.ahead)
  return first === undefined || next === undefined ? row : { ...row, ahead: [[first[0], next[1]], ...rest].flat() }
}

type Chain = Pick<SenderRow, 'seq' | 'ahead'>
type Run = [from: number, to: number]

/** `ahead` as its runs. Kept flat, and by run: a message that never comes must not make its sender's row grow without end. */
function runsOf(ahead: readonly number[]): Run[] {
  const runs: Run[] = []
  for (let i = 0; i + 1 < ahead.length; i += 2) runs.push([ahead[i] ?? 0, ahead[i + 1] ?? 0])
  return runs
}

const isAhead = (ahead: readonly number[], seq: number): boolean => runsOf(ahead).some(([from, to]) => from <= seq && seq <= to)

function withRun(ahead: readonly number[], run: Run): number[] {
  const merged: Run[] = []
  for (const [from, to] of [...runsOf(ahead), run].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to)
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

/** Whether a message of that count is here. */
export const holds = ({ seq, ahead }: Chain, wanted: number): boolean => wanted <= seq || isAhead(ahead, wanted)

/** Whether all that is here of a sender is there, too. */
export function isHeldBy(there: Chain, { seq, ahead }: Chain): boolean {
  const here = seq === 0 ? runsOf(ahead) : [[1, seq] satisfies Run, ...runsOf(ahead)]
  return here.every(([from, to]) => to <= (runAround(there, from)?.[1] ?? 0))
}

/** All that is here around a message of that count without a gap; null where it is not here. */
export function runAround({ seq, ahead }: Chain, wanted: number): Run | null {
  if (wanted <= seq) return [1, seq]
  return runsOf(ahead).find(([from, to]) => from <= wanted && wanted <= to) ?? null
}

/** The first so many counts known to exist that are not here. */
export function gapsOf({ seq, ahead }: Chain, most: number): number[] {
  const gaps: number[] = []
  let here = seq
  for (const [from, to] of runsOf(ahead)) {
    for (let at = Math.max(here, beginningOf(eraOf(from))) + 1; at < from && gaps.length < most; at++) gaps.push(at)
    here = to
  }
  return gaps
}

/** How many messages of this sender are known to exist and are not here: between two eras nobody can know. */
export function missing({ seq, ahead }: SenderRow): number {
  let [here, count] = [seq, 0]
  for (const [from, to] of runsOf(ahead)) {
    count += from - 1 - Math.max(here, beginningOf(eraOf(from)))
    here = to
  }
  return count
}

/**
 * Our own chain, as far as it is here: all that this device counted since it last came back, and before that what it had
 * kept or what others brought back.
 */
export function ownChain(row: GroupRow, stored: SenderRow | null): SenderRow {
  const { groupId, selfMemberId: memberId, sentSeq } = row
  const before = stored ?? { groupId, memberId, seq: 0, ahead: [], lastObject: null }
  const era = eraOf(sentSeq)
  if (era === 0) return { ...before, ...absorb(Math.max(before.seq, sentSeq), before.ahead) }
  const first = beginningOf(era) + 1
  return sentSeq < first ? before : { ...before, ahead: withRun(before.ahead, [first, sentSeq]) }
}
