import type { ChannelId, Eid, MemberId, MessageId } from '../../../shared/domain/ids.ts'
import { toHex } from '../../kernel/bytes.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { GroupRow, Repositories } from '../../ports/store.ts'
import type { ReadNote } from '../content/mimi-content.ts'
import { noteHeld } from '../delivery/held.ts'
import { pathTo } from '../group/epoch-store.ts'
import { messagesOf } from '../group/messages-of.ts'
import { addReadMark, readMarks, readersOf } from './read-marks.ts'

/** What a member, whom MLS authenticated, says to have read. */
export interface ReadClaim {
  channelId: ChannelId
  reader: MemberId
  notes: readonly ReadNote[]
}

/** What changes for messages further back shows when they are looked at. */
const TOLD_OF = 200

/**
 * Notes that a member read messages of ours. What it says of anything else (messages that are not here, or another's, or in another
 * channel) comes to nothing. What it read it has: nobody else might ever tell us that. Answers the messages that this changed.
 */
export function heardRead(
  tx: Repositories,
  { clock }: { clock: Clock },
  group: GroupRow,
  { channelId, reader, notes }: ReadClaim,
): MessageId[] {
  const { groupId, selfMemberId } = group
  if (reader === selfMemberId) return []
  let path: ReadonlySet<Eid> | null = null
  const ledHere = () => (path ??= new Set(pathTo(tx, groupId, group.tip).map(({ eid }) => eid)))
  const before = readMarks(tx, channelId)
  const changed = notes.flatMap(({ message, from, to }) => {
    const named = tx.messages.get(toHex(message) as MessageId)
    const isOurs = named?.groupId === groupId && named.channelId === channelId && named.author === selfMemberId
    if (!isOurs) return []
    const { lamport, messageId } = named
    const isNew = addReadMark(tx, channelId, { memberId: reader, lamport, messageId, from, to })
    const whose = { groupId, self: selfMemberId, memberId: reader, now: clock.now() }
    const held = isNew && from === 1 ? noteHeld(tx, whose, { seq: to }, (eid) => ledHere().has(eid)) : []
    return isNew ? [messageId, ...messagesOf(tx, held)] : []
  })
  if (changed.length === 0) return []
  const after = readMarks(tx, channelId)
  const ours = tx.messages.page(channelId, TOLD_OF, null).messages.filter(({ author }) => author === selfMemberId)
  const read = ours.filter((message) => readersOf(after, message).has(reader) && !readersOf(before, message).has(reader))
  return [...new Set([...changed, ...read.map(({ messageId }) => messageId)])]
}
