import type { MessageRepository, MessageRow, StoredMessage } from '../../ports/store.ts'
import { bytes, hexId, integer, nullableHexId, nullableText, optional, row, text } from '../sqlite/columns.ts'
import type { Connection } from '../sqlite/connection.ts'
import { idBytes, idBytesOrNull } from '../sqlite/id-bytes.ts'
import { decodeCursor, encodeCursor } from './message-cursor.ts'

const COLUMNS = `message_id AS messageId, group_id AS groupId, channel_id AS channelId, (SELECT object_id FROM objects WHERE position = object_position) AS objectId, author,
  sent_at AS sentAt, lamport, text, reply_to AS replyTo, content, failure, seq`

const POSITION = 'SELECT position FROM objects WHERE object_id = ?'

const decode = row<StoredMessage>({
  messageId: hexId,
  groupId: hexId,
  channelId: hexId,
  objectId: hexId,
  author: hexId,
  sentAt: integer,
  lamport: integer,
  text,
  replyTo: nullableHexId,
  content: bytes,
  failure: nullableText,
  seq: integer,
})

const decodeNumber = row({ value: integer })
const number = (value: unknown): number => optional(decodeNumber, value)?.value ?? 0

export function createMessageRepository(db: Connection): MessageRepository {
  const one = db.prepare(`SELECT ${COLUMNS} FROM messages WHERE message_id = ? ORDER BY id LIMIT 1`)
  const ofObject = db.prepare(`SELECT ${COLUMNS} FROM messages WHERE object_position = (${POSITION}) ORDER BY id LIMIT 1`)
  const newestLamport = db.prepare('SELECT lamport AS value FROM messages WHERE group_id = ? ORDER BY lamport DESC LIMIT 1')
  return {
    add: createAdd(db),
    get: (messageId) => optional(decode, one.get(idBytes(messageId))),
    ofObject: (objectId) => optional(decode, ofObject.get(idBytes(objectId))),
    page: createPage(db),
    newestLamport: (groupId) => number(newestLamport.get(idBytes(groupId))),
    ...createReadMarks(db),
  }
}

/** The counter is kept beside the messages, so that a number is never used again, whatever is deleted. */
function createAdd(db: Connection): MessageRepository['add'] {
  const exists = db.prepare('SELECT 1 FROM messages WHERE message_id = ? AND author = ?')
  const nextSeq = db.prepare(
    `INSERT INTO channel_marks (channel_id, last_seq, read_seq, unread)
     SELECT ?, 1, 0, NOT EXISTS (SELECT 1 FROM groups WHERE group_id = ? AND self_member_id = ?) WHERE TRUE
     ON CONFLICT DO UPDATE SET last_seq = last_seq + 1, unread = unread + excluded.unread RETURNING last_seq AS value`,
  )
  const insert = db.prepare(
    `INSERT INTO messages (message_id, group_id, channel_id, author, object_position, seq, sent_at, lamport, text, reply_to, content, failure)
     VALUES (?, ?, ?, ?, (${POSITION}), ?, ?, ?, ?, ?, ?, ?)`,
  )
  return (r: MessageRow) => {
    db.assertWriting()
    const [messageId, groupId, channelId, author] = [idBytes(r.messageId), idBytes(r.groupId), idBytes(r.channelId), idBytes(r.author)]
    if (exists.get(messageId, author) !== undefined) return null
    const seq = number(nextSeq.get(channelId, groupId, author))
    const ids = [messageId, groupId, channelId, author, idBytes(r.objectId)]
    insert.run(...ids, seq, r.sentAt, r.lamport, r.text, idBytesOrNull(r.replyTo), r.content, r.failure)
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
    const found = (
      at === null
        ? first.all(idBytes(channelId), limit + 1)
        : next.all(idBytes(channelId), at.lamport, idBytes(at.messageId), at.seq, limit + 1)
    ).map(decode)
    const messages = found.slice(0, limit)
    const last = messages.at(-1)
    return { messages, nextCursor: found.length > limit && last !== undefined ? encodeCursor(last) : null }
  }
}

/** What is unread is counted as it comes and again when a mark moves, so that asking costs the same however much there is. */
function createReadMarks(db: Connection): Pick<MessageRepository, 'markRead' | 'unread'> {
  const move = db.prepare('UPDATE channel_marks SET read_seq = min(?, last_seq) WHERE channel_id = ? AND read_seq < min(?, last_seq)')
  const recount = db.prepare(
    `UPDATE channel_marks SET unread = (
       SELECT count(*) FROM messages m LEFT JOIN groups g USING (group_id)
       WHERE m.channel_id = channel_marks.channel_id AND m.seq > channel_marks.read_seq AND m.author IS NOT g.self_member_id
     ) WHERE channel_id = ?`,
  )
  const unread = db.prepare('SELECT unread AS value FROM channel_marks WHERE channel_id = ?')
  return {
    markRead: (channelId, seq) => {
      const channel = idBytes(channelId)
      if (move.run(seq, channel, seq) === 1) recount.run(channel)
    },
    unread: (channelId) => number(unread.get(idBytes(channelId))),
  }
}
