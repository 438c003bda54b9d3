import type { Eid, MemberId } from '../../../shared/domain/ids.ts'
import type { Frontier } from '../../ports/wire.ts'
import { gapsOf, holds, ownChain } from '../anti-entropy/sender-chain.ts'
import { decodeContent, encodeContent } from '../content/mimi-content.ts'
import { CARRIED_COMMITS } from '../group/carry-commits.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { batches } from './batches.ts'
import type { Give } from './hand-over.ts'

/** So many at a time; the rest with the next comparison. */
const AT_ONCE = 256
/**
 * So much is looked through for them, from before they came on: it is theirs to say what they lack, and nobody is to keep a device busy by that.
 * What is not found leaves its gap.
 */
const LOOKED_THROUGH = 20_000

interface Reader {
  memberId: MemberId
  theirs: Frontier
  /** Undefined where nothing is known of that epoch. */
  canRead: (eid: Eid) => boolean | undefined
}

/**
 * What closes gaps in this device's chain that a member cannot fill: what was said there is of an epoch they cannot read. Of what was for them,
 * though they had it once and lost it with a newer copy of their profile, the contents; of what was not, contents that say nothing: they would
 * ask for it for ever (SPEC.md D3). What is owed to them is left out: it is brought, or given, as such.
 */
export class Fillings {
  /** What could not be filled when it was looked for last. */
  #left: string | null = null

  /** Gives what there is; what was not taken leaves its gap, and is given with the next comparison. */
  async give(group: LiveGroup, reader: Reader, give: Give): Promise<void> {
    for (const contents of batches(this.of(group, reader), ({ length }) => length)) await give({ groupId: group.groupId, contents })
  }

  of(group: LiveGroup, { memberId, theirs, canRead }: Reader): Uint8Array[] {
    const { groupId, self, tip } = group
    const { store } = group.deps
    const chain = theirs.senders.find((sender) => sender.memberId === self)
    if (chain === undefined || canRead(tip.row.tip) !== true) return []
    const own = ownChain(tip.row, store.senders.get(groupId, self))
    const gaps = gapsOf({ seq: chain.seq, ahead: chain.ahead ?? [] }, AT_ONCE).filter((seq) => holds(own, seq))
    const all = [tip.row.tip, theirs.eid, ...gaps].join()
    if (gaps.length === 0 || all === this.#left) return []
    const from = Math.max(0, theirs.joinedEpoch - CARRIED_COMMITS)
    const heads = store.objects.headsSince(groupId, from, null, LOOKED_THROUGH)
    const bySeq = new Map(heads.flatMap((head) => (head.sender === self ? [[head.senderSeq, head] as const] : [])))
    // Of an epoch that hangs together with nothing they know they may still be brought what leads there, until they are where we are.
    const isTogether = theirs.eid === tip.row.tip
    const fillings = gaps.flatMap((seq) => {
      const head = bySeq.get(seq)
      // Of what is here no more nobody knows whom it was for.
      if (head === undefined || (canRead(head.eid) ?? !isTogether)) return []
      const row = store.deliveries.of(head.objectId).find((each) => each.memberId === memberId)
      if (row === undefined) return [nothingAt(group, seq, theirs)]
      const message = row.ackedAt === null ? null : store.messages.ofObject(head.objectId)
      if (message === null) return []
      // What was encrypted once more says the count it had before.
      const isOfThat = decodeContent(message.content)?.extensions.seq === seq
      return isOfThat ? [message.content] : [message.content, nothingAt(group, seq, theirs)]
    })
    this.#left = fillings.length === 0 ? all : null
    return fillings
  }
}

function nothingAt({ deps: { clock, random } }: LiveGroup, seq: number, theirs: Frontier): Uint8Array {
  // What came before is of no earlier time than theirs: else their chain would seem to begin here.
  const prev = seq === 1 ? null : { object: new Uint8Array(32), epoch: Math.max(theirs.epoch, theirs.joinedEpoch) }
  const extensions = { seq, prev, lamport: clock.now(), sentAt: clock.now() }
  return encodeContent({ salt: random.bytes(16), topicId: new Uint8Array(), inReplyTo: null, extensions, text: null })
}
