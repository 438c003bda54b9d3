import type { ChannelId, MemberId, MessageId } from '../../../shared/domain/ids.ts'
import { toHex } from '../../kernel/bytes.ts'
import type { MessageRow } from '../../ports/store.ts'
import type { MimiContent } from './mimi-content.ts'

/** A clock this far ahead of ours is not believed, so that one wrong clock cannot push everyone's messages to the end. */
export const MAX_CLOCK_AHEAD_MS = 5 * 60_000

/** What a content says, as a row that hangs on nothing yet; null where it says nothing. No clock is believed beyond `latest`. */
export function messageOf(
  said: MimiContent,
  { author, content, latest }: { author: MemberId; content: Uint8Array; latest: number },
): Omit<MessageRow, 'objectId' | 'failure' | 'groupId'> | null {
  if (said.text === null) return null
  return {
    messageId: toHex(said.salt) as MessageId,
    channelId: toHex(said.topicId) as ChannelId,
    author,
    sentAt: Math.min(said.extensions.sentAt, latest),
    lamport: Math.min(said.extensions.lamport, latest),
    text: said.text,
    fileNames: [],
    replyTo: said.inReplyTo && (toHex(said.inReplyTo) as MessageId),
    content,
  }
}
