import type { MessageId } from '../../../shared/domain/ids.ts'
import type { Delivery, Message, MessagePage } from '../../../shared/domain/models.ts'

/**
 * What lies beyond an end of the loaded run: nothing, a page that the node gave a cursor for, or
 * messages that were let go of, which are asked for as what stands beside the run's last message.
 */
export type Beyond = { kind: 'none' } | { kind: 'cursor'; cursor: string } | { kind: 'beside' }

/** What is loaded of one channel: a run of messages without gaps, oldest first. */
export interface History {
  messages: readonly Message[]
  older: Beyond
  /** `none` where the run reaches the end, at which new messages appear. */
  newer: Beyond
}

const nothing: Beyond = { kind: 'none' }
const beside: Beyond = { kind: 'beside' }
const at = (cursor: string | null): Beyond => (cursor === null ? nothing : { kind: 'cursor', cursor })

const rank: Record<Delivery['state'], number> = { failed: 0, stored: 0, held: 1, delivered: 2, read: 3 }

/** Of two reports on one message, the one that tells of more: reports may overtake each other. */
function later(known: Message, incoming: Message): Message {
  if (known.deleted !== incoming.deleted) return known.deleted ? known : incoming
  if ((known.editedAt ?? 0) !== (incoming.editedAt ?? 0)) return (known.editedAt ?? 0) > (incoming.editedAt ?? 0) ? known : incoming
  // What a mailbox alone keeps it may keep for nobody from now on.
  if ([known, incoming].every(({ delivery }) => delivery.delivered === 0 && (delivery.state === 'stored' || delivery.state === 'held')))
    return incoming
  const gained = rank[incoming.delivery.state] - rank[known.delivery.state]
  if (gained !== 0) return gained > 0 ? incoming : known
  return incoming.delivery.delivered >= known.delivery.delivered ? incoming : known
}

/** A run that consists of one page. */
export const fromPage = (page: MessagePage): History => ({
  messages: page.messages.toReversed(),
  older: at(page.nextCursor),
  newer: at(page.previousCursor),
})

/** Brings messages that are loaded up to date; says which are not. The given history is not touched. */
function update(history: History, incoming: readonly Message[]): { history: History; unknown: Message[] } {
  const reports = new Map(incoming.map((message) => [message.messageId, message]))
  const messages = history.messages.map((known) => {
    const report = reports.get(known.messageId)
    reports.delete(known.messageId)
    return report === undefined ? known : later(known, report)
  })
  const changed = messages.some((message, index) => message !== history.messages[index])
  return { history: changed ? { ...history, messages } : history, unknown: [...reports.values()] }
}

/**
 * A message told of by an event, put where its position says. What belongs beyond an end that is
 * not loaded is left for the page it will come with. Comes back as it is when nothing is new.
 */
export function mergeEvent(before: History, message: Message): History {
  const { history, unknown } = update(before, [message])
  if (unknown.length === 0 || history.newer.kind !== 'none') return history
  const { messages } = history
  let index = messages.length
  while (index > 0 && (messages[index - 1]?.seq ?? 0) > message.seq) index -= 1
  if (index === 0 && messages.length > 0 && history.older.kind !== 'none') return history
  return { ...history, messages: [...messages.slice(0, index), message, ...messages.slice(index)] }
}

/** A change of a message: one that is not loaded is new only if it stands at the end. */
export function mergeChange(history: History, message: Message): History {
  const known = history.messages.some(({ messageId }) => messageId === message.messageId)
  const newest = history.messages.reduce((most, { seq }) => Math.max(most, seq), 0)
  return known || message.seq > newest ? mergeEvent(history, message) : history
}

/** A page older than the run, put before it. */
export function withOlder(before: History, page: MessagePage): History {
  const { history, unknown } = update(before, page.messages)
  return { ...history, messages: [...unknown.toReversed(), ...history.messages], older: at(page.nextCursor) }
}

/** A page newer than the run, put after it. */
export function withNewer(before: History, page: MessagePage): History {
  const { history, unknown } = update(before, page.messages)
  return { ...history, messages: [...history.messages, ...unknown.toReversed()], newer: at(page.previousCursor) }
}

/** Of a page that lies around a message, what is older (or newer) than it, as a page of its own. */
export function partBeside(page: MessagePage, messageId: MessageId, side: 'older' | 'newer'): MessagePage {
  const index = page.messages.findIndex((message) => message.messageId === messageId)
  const messages = side === 'older' ? page.messages.slice(index + 1) : page.messages.slice(0, Math.max(index, 0))
  return { ...page, messages }
}

/** Lets go of what is farthest from `side`, down to `most` messages. */
export function trim(history: History, side: 'older' | 'newer', most: number): History {
  if (history.messages.length <= most) return history
  return side === 'older'
    ? { ...history, messages: history.messages.slice(0, most), newer: beside }
    : { ...history, messages: history.messages.slice(-most), older: beside }
}

/** No longer takes what is new: the run has grown enough while nobody looked at its end. */
export const closeEnd = (history: History): History => ({ ...history, newer: beside })

/** Without messages that were deleted here. */
export function without(history: History, gone: ReadonlySet<MessageId>): History {
  const messages = history.messages.filter(({ messageId }) => !gone.has(messageId))
  return messages.length === history.messages.length ? history : { ...history, messages }
}

/** The first message of others that was not read; null when all were. Own messages are never unread. */
export function firstUnread(messages: readonly Message[], readSeq: number): MessageId | null {
  return messages.find(({ author, seq }) => !author.self && seq > readSeq)?.messageId ?? null
}
