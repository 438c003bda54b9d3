import type { MessageId } from '../../../shared/domain/ids.ts'
import type { Delivery, Message, MessagePage } from '../../../shared/domain/models.ts'

/** What is loaded of one channel: a run of messages without gaps, oldest first, up to the newest. */
export interface History {
  messages: readonly Message[]
  /** For reading what is older; null at the beginning of the channel. */
  nextCursor: string | null
}

const rank: Record<Delivery['state'], number> = { failed: 0, stored: 0, held: 1, delivered: 2, read: 3 }

/** Of two reports on one message, the one that tells of more: reports may overtake each other. */
function later(known: Message, incoming: Message): Message {
  if (known.deleted !== incoming.deleted) return known.deleted ? known : incoming
  if ((known.editedAt ?? 0) !== (incoming.editedAt ?? 0)) return (known.editedAt ?? 0) > (incoming.editedAt ?? 0) ? known : incoming
  const gained = rank[incoming.delivery.state] - rank[known.delivery.state]
  if (gained !== 0) return gained > 0 ? incoming : known
  return incoming.delivery.delivered >= known.delivery.delivered ? incoming : known
}

/**
 * Puts messages where their position says, each once. Pure: the given history is not touched, and
 * comes back as it is when nothing is new.
 */
export function merge(history: History, incoming: readonly Message[]): History {
  const known = new Map<MessageId, Message>(history.messages.map((message) => [message.messageId, message]))
  let changed = false
  for (const message of incoming) {
    const before = known.get(message.messageId)
    const after = before === undefined ? message : later(before, message)
    if (after === before) continue
    known.set(message.messageId, after)
    changed = true
  }
  if (!changed) return history
  return { ...history, messages: [...known.values()].sort((a, b) => a.seq - b.seq) }
}

/** A message told of by an event. What is older than the loaded run is left for the page it belongs to. */
export function mergeEvent(history: History, message: Message): History {
  const oldest = history.messages[0]
  if (oldest !== undefined && history.nextCursor !== null && message.seq < oldest.seq) return history
  return merge(history, [message])
}

/** An older page, put before what is there. */
export const mergePage = (history: History, page: MessagePage): History => ({
  ...merge(history, page.messages),
  nextCursor: page.nextCursor,
})

/**
 * The first message that was not seen, given how many from others were not; null when all were.
 * Own messages are never unread.
 */
export function firstUnread(messages: readonly Message[], unread: number): MessageId | null {
  let left = unread
  let first: MessageId | null = null
  for (let index = messages.length - 1; index >= 0 && left > 0; index -= 1) {
    const message = messages[index]
    if (message === undefined || message.author.self) continue
    first = message.messageId
    left -= 1
  }
  return first
}
