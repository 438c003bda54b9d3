import type { ChannelId, MemberId, MessageId } from '../../../shared/domain/ids.ts'
import { toHex } from '../../kernel/bytes.ts'
import type { MemberRow, MessageRow, Repositories, StoredMessage } from '../../ports/store.ts'
import type { PastMessage } from '../../ports/wire.ts'
import { decodeContent } from '../content/mimi-content.ts'
import type { Tip } from '../group/next-tip.ts'

/** Clocks differ by so much; what is said to be later than our coming is not of before. */
const MAX_CLOCK_AHEAD_MS = 5 * 60_000

/**
 * Stores what a member says was said before this device came, as theirs to answer for. It takes nobody's word for what this
 * device itself wrote, for other groups' channels, or for anything later. Answers what is new here.
 */
export function takeHistory(tx: Repositories, { row, settings }: Tip, sharedBy: MemberId, page: readonly PastMessage[]): StoredMessage[] {
  const { groupId, selfMemberId, createdAt } = row
  const channels = new Set(settings.channels.map(({ channelId }) => channelId))
  const latest = createdAt + MAX_CLOCK_AHEAD_MS
  const taken = page.flatMap((past): StoredMessage[] => {
    const message = messageOf(past)
    if (message === null || past.author === selfMemberId || message.lamport > latest) return []
    const isHere = channels.has(message.channelId) && tx.directory.channel(message.channelId)?.groupId === groupId
    const stored = isHere ? tx.messages.addShared({ ...message, groupId, sentAt: Math.min(message.sentAt, latest) }, sharedBy) : null
    return stored === null ? [] : [stored]
  })
  nameAuthors(tx, groupId, page, new Set(taken.map(({ author }) => author)))
  return taken
}

function messageOf({ author, content }: PastMessage): Omit<MessageRow, 'objectId' | 'failure' | 'groupId'> | null {
  const read = decodeContent(content)
  if (read?.text == null) return null
  const { lamport, sentAt } = read.extensions
  return {
    messageId: toHex(read.salt) as MessageId,
    channelId: toHex(read.topicId) as ChannelId,
    author,
    sentAt,
    lamport,
    text: read.text,
    fileNames: [],
    replyTo: read.inReplyTo && (toHex(read.inReplyTo) as MessageId),
    content,
  }
}

/** Who was gone before this device came has a name here, too: the one they are said to have had. */
function nameAuthors(tx: Repositories, groupId: MemberRow['groupId'], page: readonly PastMessage[], authors: ReadonlySet<MemberId>): void {
  const space = tx.directory.space(groupId)
  const names = new Map(page.map(({ author, name }) => [author, name]))
  const unknown = [...authors].filter((memberId) => tx.directory.member(groupId, memberId) === null)
  if (space === null || unknown.length === 0) return
  const gone = unknown.flatMap((memberId): MemberRow[] => {
    const name = names.get(memberId)
    return name === undefined ? [] : [{ groupId, memberId, name, role: 'guest', devices: 0, active: false }]
  })
  const members = tx.directory.members(groupId).filter(({ active }) => active)
  tx.directory.replace(space, tx.directory.channels(groupId), [...members, ...gone])
}
