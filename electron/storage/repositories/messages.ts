import type { MessageRepository, MessageRow, StoredMessage } from '../../ports/store.ts'
import { bytes, integer, nullableText, optional, row, text } from '../sqlite/columns.ts'
import type { Connection, Statement } from '../sqlite/connection.ts'
import { decodeCursor, encodeCursor } from './message-cursor.ts'

const COLUMNS = `message_id AS messageId, group_id AS groupId, channel_id AS channelId, object_id AS objectId, author,
  sent_at AS sentAt, lamport, text, reply_to AS replyTo, content, failure, seq`

const decode = row<StoredMessage>({
  messageId: text,
  groupId: text,
  channelId: text,
  objectId: text,
  author: text,
  sentAt: integer,
  lamport: integer,
  text,
  replyTo: nullableText,
  content: bytes,
  failure: nullableText,
  seq: integer,
})

const decodeNumber = row({ value: integer })
const number = (value: unknown): number => optional(decodeNumber, value)?.value ?? 0

export function createMessageRepository(db: Connection): MessageRepository {
  const exists = db.prepare('SELECT 1 FROM messages WHERE message_id = ? AND author = ?')
  const one = db.prepare(`SELECT ${COLUMNS} FROM messages WHERE message_id = ? ORDER BY id LIMIT 1`)
  const ofObject = db.prepare(`SELECT ${COLUMNS} FROM messages WHERE object_id = ? ORDER BY id LIMIT 1`)
  const newestLamport = db.prepare('SELECT lamport AS value FROM messages WHERE group_id = ? ORDER BY lamport DESC LIMIT 1')
  return {
    add: createAdd(db, exists),
    get: (messageId) => optional(decode, one.get(messageId)),
    ofObject: (objectId) => optional(decode, ofObject.get(objectId)),
    page: createPage(db),
    newestLamport: (groupId) => number(newestLamport.get(groupId)),
    ...createReadMarks(db),
  }
}

/** The counter is kept beside the messages, so that a number is never used again, whatever is deleted. */
function createAdd(db: Connection, exists: Statement): MessageRepository['add'] {
  const nextSeq = db.prepare(
    `INSERT INTO channel_marks (channel_id, last_seq, read_seq) VALUES (?, 1, 0)
     ON CONFLICT DO UPDATE SET last_seq = last_seq + 1 RETURNING last_seq AS value`,
  )
  const insert = db.prepare(
    `INSERT INTO messages (message_id, group_id, channel_id, seq, object_id, author, sent_at, lamport, text, reply_to, content, failure)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  return (r: MessageRow) => {
    db.assertWriting()
    if (exists.get(r.messageId, r.author) !== undefined) return null
    const seq = number(nextSeq.get(r.channelId))
    insert.run(r.messageId, r.groupId, r.channelId, seq, r.objectId, r.author, r.sentAt, r.lamport, r.text, r.replyTo, r.content, r.failure)
    return { ...r, content: bytes(r.content), seq }
  }
}

function createPage(db: Connection): MessageRepository['page'] {
  const newest = 'ORDER BY lamport DESC, message_id DESC, seq DESC'
  const first = db.prepare(`SELECT ${COLUMNS} FROM messages WHERE channel_id = ? ${newest} LIMIT ?`)
  const next = db.prepare(
    `SELECT ${COLUMNS} FROM messages WHERE channel_id = ? AND (lamport, message_id, seq) < (?, ?, ?) ${newest} LIMIT ?`,
  )
  return (channelId, limit, before) => {
    const at = before === null ? null : decodeCursor(before)
    // One more than asked for tells whether there is another page.
    const found = (at === null ? first.all(channelId, limit + 1) : next.all(channelId, at.lamport, at.messageId, at.seq, limit + 1)).map(
      decode,
    )
    const messages = found.slice(0, limit)
    const last = messages.at(-1)
    return { messages, nextCursor: found.length > limit && last !== undefined ? encodeCursor(last) : null }
  }
}

function createReadMarks(db: Connection): Pick<MessageRepository, 'markRead' | 'unread'> {
  const markRead = db.prepare('UPDATE channel_marks SET read_seq = max(read_seq, min(?, last_seq)) WHERE channel_id = ?')
  const unread = db.prepare(
    `SELECT count(*) AS value FROM messages m LEFT JOIN groups g USING (group_id)
     WHERE channel_id = ? AND seq > coalesce((SELECT read_seq FROM channel_marks WHERE channel_id = ?), 0)
       AND author IS NOT g.self_member_id`,
  )
  return {
    markRead: (channelId, seq) => void markRead.run(seq, channelId),
    unread: (channelId) => number(unread.get(channelId, channelId)),
  }
}
