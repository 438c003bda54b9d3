import type { MessageRepository, MessageSlice, StoredMessage } from '../../../ports/store.ts'
import { type MessagePosition, decodeCursor, encodeCursor } from '../../../storage/repositories/message-cursor.ts'
import { type Table, by } from './table.ts'

const inOrder = by<MessagePosition>(
  (r) => r.lamport,
  (r) => r.messageId,
  (r) => r.seq,
)

/** Pages by sorting all and cutting: slow, and plain to see that it is right. */
export function memoryPages(
  rows: Table<StoredMessage & { order: number }>,
  isUnread: (row: StoredMessage) => boolean,
): Pick<MessageRepository, 'page' | 'olderThan' | 'newer' | 'around'> {
  const channel = (channelId: string): StoredMessage[] =>
    rows
      .where((r) => r.channelId === channelId)
      .sort(inOrder)
      .reverse()
      .map(({ order: _order, ...message }) => message)

  /** The messages of `all` from index `from` on; `at` is where an empty page stays. */
  const cut = (all: readonly StoredMessage[], from: number, limit: number, at: MessagePosition | null): MessageSlice => {
    const start = Math.max(0, from)
    const messages = all.slice(start, start + limit)
    const [top, bottom] = [messages[0] ?? at, messages.at(-1) ?? at]
    return {
      messages,
      nextCursor: start + limit < all.length && bottom !== null ? encodeCursor(bottom) : null,
      previousCursor: start > 0 && top !== null ? encodeCursor(top) : null,
    }
  }
  const firstOlder = (all: readonly StoredMessage[], at: MessagePosition): number => {
    const index = all.findIndex((row) => inOrder(row, at) < 0)
    return index === -1 ? all.length : index
  }
  const firstNotNewer = (all: readonly StoredMessage[], at: MessagePosition): number => {
    const index = all.findIndex((row) => inOrder(row, at) <= 0)
    return index === -1 ? all.length : index
  }
  return {
    page: (channelId, limit, before) => {
      const all = channel(channelId)
      const at = before === null ? null : decodeCursor(before)
      if (at === null) return { ...cut(all, 0, limit, null), previousCursor: null }
      const from = firstOlder(all, at)
      // An empty page says whether anything is newer than the place, not than itself.
      return from < all.length
        ? cut(all, from, limit, at)
        : { ...cut(all, from, limit, at), previousCursor: firstNotNewer(all, at) > 0 ? encodeCursor(at) : null }
    },
    olderThan: (channelId, place, limit) =>
      channel(channelId)
        .filter((row) => inOrder(row, { ...place, seq: Number.MIN_SAFE_INTEGER }) < 0)
        .slice(0, limit),
    newer: (channelId, limit, after) => {
      const at = decodeCursor(after)
      const all = channel(channelId)
      const end = firstNotNewer(all, at)
      const start = Math.max(0, end - limit)
      const messages = all.slice(start, end)
      const olderThan = messages.at(-1) ?? at
      return {
        messages,
        nextCursor: firstOlder(all, olderThan) < all.length ? encodeCursor(olderThan) : null,
        previousCursor: start > 0 && messages[0] !== undefined ? encodeCursor(messages[0]) : null,
      }
    },
    around: (channelId, limit, landing) => {
      const all = channel(channelId)
      const arrived = by<StoredMessage>((r) => r.seq)
      const target = {
        message: () => all.find((r) => landing.kind === 'message' && r.messageId === landing.messageId),
        date: () => all.findLast((r) => landing.kind === 'date' && r.lamport >= landing.at),
        unread: () => all.filter(isUnread).sort(arrived)[0],
      }[landing.kind]()
      if (target === undefined) return landing.kind === 'message' ? null : cut(all, 0, limit, null)
      // The target is the oldest of the newer half.
      const targetIndex = all.indexOf(target)
      const latestStart = Math.max(0, all.length - limit)
      return cut(all, Math.min(latestStart, Math.max(0, targetIndex + 1 - Math.ceil(limit / 2))), limit, target)
    },
  }
}
