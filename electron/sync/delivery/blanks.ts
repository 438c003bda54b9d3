import type { Eid, MemberId } from '../../../shared/domain/ids.ts'
import type { Frontier } from '../../ports/wire.ts'
import { gapsOf, holds, ownChain } from '../anti-entropy/sender-chain.ts'
import { encodeContent } from '../content/mimi-content.ts'
import type { LiveGroup } from '../group/live-group.ts'

/** So many at a time, and so many things owed are looked at; the rest with the next comparison. */
const AT_ONCE = 256
const OWED = 1_000
const EVERYTHING = Number.MAX_SAFE_INTEGER

interface Reader {
  memberId: MemberId
  theirs: Frontier
  /** Undefined where nothing is known of that epoch. */
  canRead: (eid: Eid) => boolean | undefined
}

/**
 * What leaves a gap in this device's chain for a member, and is not for them: of an epoch they cannot read, and not owed to them. They would
 * ask for it for ever; so they are told that nothing of that count is for them, by contents that say nothing (SPEC.md D3).
 */
export function blanksFor(group: LiveGroup, { memberId, theirs, canRead }: Reader): Uint8Array[] {
  const { groupId, self, tip } = group
  const { store, random, clock } = group.deps
  const chain = theirs.senders.find((sender) => sender.memberId === self)
  if (chain === undefined || canRead(tip.row.tip) !== true) return []
  const own = ownChain(tip.row, store.senders.get(groupId, self))
  const gaps = gapsOf({ seq: chain.seq, ahead: chain.ahead ?? [] }, AT_ONCE).filter((seq) => holds(own, seq))
  if (gaps.length === 0) return []
  const owed = store.deliveries.owedTo(groupId, memberId, OWED)
  if (owed.length === OWED) return []
  const heads = store.objects.headsSince(groupId, theirs.joinedEpoch, null, EVERYTHING)
  // Of an epoch that hangs together with nothing they know they may still be brought what leads there, until they are where we are.
  const isTogether = theirs.eid === tip.row.tip
  const comes = heads.filter(({ sender, eid }) => sender === self && (canRead(eid) ?? !isTogether))
  const kept = new Set([...comes, ...owed.map((objectId) => store.objects.get(objectId))].map((head) => head?.senderSeq))
  return gaps.flatMap((seq) => {
    if (kept.has(seq)) return []
    // What came before is of no earlier time than theirs: else their chain would seem to begin here.
    const prev = seq === 1 ? null : { object: new Uint8Array(32), epoch: Math.max(theirs.epoch, theirs.joinedEpoch) }
    const now = clock.now()
    const extensions = { seq, prev, lamport: now, sentAt: now }
    return [encodeContent({ salt: random.bytes(16), topicId: new Uint8Array(), inReplyTo: null, extensions, text: null })]
  })
}
