import type { GroupRow, ObjectHead, SenderRow } from '../../ports/store.ts'
import type { Frontier } from '../../ports/wire.ts'
import type { ComparedEpochs, EpochsHere } from './known-epochs.ts'
import { holds, isHeldBy, ownChain } from './sender-chain.ts'

/** As many senders as a `Frontier` may name. What is sent again of those it leaves out is known here already. */
const MAX_SENDERS = 256
/** As many runs as a `Frontier` may hold in all: the newest of each sender, which cover most. */
const MAX_RUNS = 64
const RUNS_OF_ONE = 8

export function frontierOf(group: GroupRow, senders: readonly SenderRow[], here: EpochsHere): Frontier {
  const { groupId, tip, epoch, joinedEpoch, selfMemberId } = group
  const own = ownChain(group, senders.find((s) => s.memberId === selfMemberId) ?? null)
  const all = [own, ...senders.filter((s) => s.memberId !== selfMemberId)].slice(0, MAX_SENDERS)
  let room = MAX_RUNS
  const told = all.map(({ memberId, seq, ahead }): Frontier['senders'][number] => {
    const runs = ahead.slice(-2 * Math.min(RUNS_OF_ONE, room))
    if (room === 0 || runs.length === 0) return { memberId, seq }
    room -= runs.length / 2
    return { memberId, seq, ahead: runs }
  })
  return { groupId, eid: tip, epoch, joinedEpoch, ...here, senders: told }
}

/** What a member whose leaf we cannot check may know: only where we stand, so that it can bring what we lack. */
export const bareFrontier = ({ groupId, tip, epoch }: GroupRow, here: EpochsHere): Frontier => ({
  groupId,
  eid: tip,
  epoch,
  joinedEpoch: epoch,
  ...here,
  senders: [],
})

/** Whether the owner of a frontier has every message that is here, of every sender. */
export function lacksNoMessage(theirs: Frontier, group: GroupRow, senders: readonly SenderRow[]): boolean {
  const has = chainsOf(theirs)
  const own = ownChain(group, senders.find((s) => s.memberId === group.selfMemberId) ?? null)
  return [own, ...senders.filter((s) => s.memberId !== own.memberId)].every((ours) => isHeldBy(has.get(ours.memberId) ?? NOTHING, ours))
}

/** Whether the owner of a frontier lacks an object and could read it. Also what it wrote itself, if it has lost that. */
export function lacks(theirs: Frontier, ours: ComparedEpochs): (object: ObjectHead) => boolean {
  const has = chainsOf(theirs)
  return (object) => {
    if (ours.readable !== null && ours.readable.get(object.eid) === false) return false
    if (object.senderSeq !== null) return object.epoch >= theirs.joinedEpoch && !holds(has.get(object.sender) ?? NOTHING, object.senderSeq)
    const isHeld = ours.held?.get(object.objectId)
    if (isHeld !== undefined) return !isHeld
    // It is older than our tree, or of a time when this device was out. Whoever knows an epoch of that has what led there, or came in later and
    // could not follow it; where they are elsewhere, nothing says which they know.
    return ours.apart || object.epoch >= theirs.epoch
  }
}

/** What they can read, as far as it is known here: of another branch they may come to lack what they could not read before. */
export const readerOf = ({ joinedEpoch }: Frontier, { readable }: ComparedEpochs): string =>
  [joinedEpoch, ...[...(readable ?? [])].flatMap(([eid, can]) => (can ? [] : eid)).sort()].join()

const chainsOf = ({ senders }: Frontier) => new Map(senders.map((s) => [s.memberId, { seq: s.seq, ahead: s.ahead ?? [] }]))

const NOTHING = { seq: 0, ahead: [] }
