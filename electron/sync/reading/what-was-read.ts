import type { ChannelId, GroupId, MemberId } from '../../../shared/domain/ids.ts'
import { fromHex } from '../../kernel/bytes.ts'
import type { Repositories, StoredMessage } from '../../ports/store.ts'
import { runAround } from '../anti-entropy/sender-chain.ts'
import { decodeContent, MAX_READ_NOTES } from '../content/mimi-content.ts'
import type { ReadNote } from '../content/mimi-content.ts'

/** So much of the end of a channel is looked at. What was read beyond it is not told: nobody reads as much in a few seconds. */
const LOOKED_AT = 200

/**
 * What can be said, without a lie, of what the person read: for each author of whom something was read that arrived after `after`,
 * the newest message that comes before all of theirs that are still unread. Named are messages of whoever is told, who
 * has them for certain; the run of their chain says which of theirs were here at all, because one may come late and lie before.
 */
export function whatWasRead(
  store: Repositories,
  of: { groupId: GroupId; self: MemberId },
  channelId: ChannelId,
  after: number,
): ReadNote[] {
  const { messages } = store
  const readSeq = messages.readSeq(channelId)
  const isUnread = ({ seq }: StoredMessage): boolean => seq > readSeq
  const others = messages.page(channelId, LOOKED_AT, null).messages.filter(({ author }) => author !== of.self)
  // Something unread lies further back: it would be taken for read.
  if (others.filter(isUnread).length < messages.unread(channelId)) return []
  const fresh = new Set(others.filter((message) => message.seq > after && !isUnread(message)).map(({ author }) => author))
  return [...fresh].slice(0, MAX_READ_NOTES).flatMap((author) => {
    const theirs = others.filter((message) => message.author === author)
    const newest = theirs[theirs.findLastIndex(isUnread) + 1]
    return newest === undefined ? [] : noteOf(store, of.groupId, newest)
  })
}

function noteOf(store: Repositories, groupId: GroupId, { author, messageId, content }: StoredMessage): ReadNote[] {
  const seq = decodeContent(content)?.extensions.seq
  const chain = store.senders.get(groupId, author)
  const run = seq === undefined || chain === null ? null : runAround(chain, seq)
  return run === null ? [] : [{ message: fromHex(messageId), from: run[0], to: run[1] }]
}
