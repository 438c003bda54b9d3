import type { ObjectId } from '../../../../shared/domain/ids.ts'
import { invariant } from '../../../kernel/errors.ts'
import type { GroupRepository, MessageRepository, StoredMessage } from '../../../ports/store.ts'
import { type MessagePosition, decodeCursor, encodeCursor } from '../../../storage/repositories/message-cursor.ts'
import { type Journal, Table, by } from './table.ts'

const arrival = by<StoredMessage & { order: number }>((r) => r.order)
const newestFirst = (a: MessagePosition, b: MessagePosition): number => -inOrder(a, b)
const inOrder = by<MessagePosition>(
  (r) => r.lamport,
  (r) => r.messageId,
  (r) => r.seq,
)

const plain = (row: (StoredMessage & { order: number }) | undefined): StoredMessage | null => {
  if (row === undefined) return null
  const { order: _order, ...message } = row
  return message
}

export function memoryMessages(journal: Journal, groups: GroupRepository, isStored: (objectId: ObjectId) => boolean): MessageRepository {
  const rows = new Table<StoredMessage & { order: number }>(journal)
  const marks = new Table<{ last: number; read: number }>(journal)
  const markOf = (channelId: string): { last: number; read: number } => marks.get(channelId) ?? { last: 0, read: 0 }
  return {
    add: (row) => {
      if (rows.has(row.messageId, row.author)) return null
      invariant(isStored(row.objectId), 'a message of an object that is not stored')
      const mark = markOf(row.channelId)
      const message = { ...row, seq: mark.last + 1 }
      marks.set({ ...mark, last: message.seq }, row.channelId)
      rows.set({ ...message, order: rows.size }, row.messageId, row.author)
      return structuredClone(message)
    },
    get: (messageId) => plain(rows.where((r) => r.messageId === messageId).sort(arrival)[0]),
    ofObject: (objectId) => plain(rows.where((r) => r.objectId === objectId).sort(arrival)[0]),
    page: (channelId, limit, before) => {
      const at = before === null ? null : decodeCursor(before)
      const found = rows.where((r) => r.channelId === channelId && (at === null || inOrder(r, at) < 0)).sort(newestFirst)
      const messages = found.slice(0, limit).flatMap((r) => plain(r) ?? [])
      const last = messages.at(-1)
      return { messages, nextCursor: found.length > limit && last !== undefined ? encodeCursor(last) : null }
    },
    newestLamport: (groupId) => rows.where((r) => r.groupId === groupId).reduce((newest, r) => Math.max(newest, r.lamport), 0),
    markRead: (channelId, seq) => {
      const mark = markOf(channelId)
      marks.set({ ...mark, read: Math.max(mark.read, Math.min(seq, mark.last)) }, channelId)
    },
    unread: (channelId) => {
      const { read } = markOf(channelId)
      return rows.count((r) => r.channelId === channelId && r.seq > read && r.author !== groups.get(r.groupId)?.selfMemberId)
    },
  }
}
