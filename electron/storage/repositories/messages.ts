import type { MessageRepository, MessageRow } from '../../ports/store.ts'
import { bytes, optional } from '../sqlite/columns.ts'
import type { Connection } from '../sqlite/connection.ts'
import { idBytes, idBytesOrNull } from '../sqlite/id-bytes.ts'
import { MESSAGE_COLUMNS, decodeMessage, decodeMessageWithId, numberOf } from './message-columns.ts'
import { createDeletion } from './message-deletion.ts'
import { createPages } from './message-pages.ts'
import { createTimeIds } from './message-time-id.ts'
import { createReadMarks } from './read-marks.ts'
import { createShared } from './shared-messages.ts'
import type { SearchIndex } from './search/search-index.ts'

const POSITION = 'SELECT position FROM objects WHERE object_id = ?'

export function createMessageRepository(db: Connection, index: SearchIndex): MessageRepository {
  // The first to arrive: nobody can take a message's place by using its id.
  const one = db.prepare(`SELECT ${MESSAGE_COLUMNS} FROM messages WHERE message_id = ? ORDER BY seq < 0, object_position LIMIT 1`)
  const move = db.prepare(`UPDATE messages SET object_position = (${POSITION}) WHERE object_position = (${POSITION})`)
  const fail = db.prepare(`UPDATE messages SET failure = ? WHERE object_position = (${POSITION})`)
  const ofObject = db.prepare(`SELECT ${MESSAGE_COLUMNS} FROM messages WHERE object_position = (${POSITION}) ORDER BY id LIMIT 1`)
  const newestLamport = db.prepare('SELECT lamport AS value FROM messages WHERE group_id = ? ORDER BY lamport DESC LIMIT 1')
  const insert = createInsert(db, index)
  const add = createAdd(db, index, insert)
  return {
    add,
    ...createShared(db, insert, add),
    get: (messageId) => optional(decodeMessage, one.get(idBytes(messageId))),
    move: (from, to) => void move.run(idBytes(to), idBytes(from)),
    setFailure: (objectId, failure) => void fail.run(failure, idBytes(objectId)),
    ofObject: (objectId) => optional(decodeMessage, ofObject.get(idBytes(objectId))),
    newestLamport: (groupId) => numberOf(newestLamport.get(idBytes(groupId))),
    ...createPages(db),
    ...createReadMarks(db),
    ...createDeletion(db, index),
  }
}

/** The counter is kept beside the messages, so that a number is never used again, whatever is deleted. */
function createAdd(db: Connection, index: SearchIndex, insert: Insert): MessageRepository['add'] {
  const dropShared = createDropShared(db, index)
  const nextSeq = createCount(db)
  return (r) => {
    db.assertWriting()
    dropShared(r)
    if (insert.isUnwanted(r)) return null
    const seq = nextSeq(r)
    insert.run(r, seq)
    return { ...r, fileNames: [...r.fileNames], content: bytes(r.content), seq }
  }
}

/** What its author sends takes the place of what somebody said that they wrote. */
function createDropShared(db: Connection, index: SearchIndex): (row: MessageRow) => void {
  const find = db.prepare(`SELECT ${MESSAGE_COLUMNS}, id FROM messages WHERE message_id = ? AND author = ? AND seq < 0`)
  const remove = db.prepare('DELETE FROM messages WHERE id = ?')
  return ({ messageId, author }) => {
    for (const shared of find.all(idBytes(messageId), idBytes(author)).map(decodeMessageWithId)) {
      index.remove(shared.id, shared)
      remove.run(shared.id)
    }
  }
}

/** Puts a row where its number and its time say, in the table and in the index. */
export interface Insert {
  isUnwanted(row: MessageRow): boolean
  run(row: MessageRow, seq: number): void
}

function createInsert(db: Connection, index: SearchIndex): Insert {
  const timeId = createTimeIds(db)
  const insert = db.prepare(
    `INSERT INTO messages (id, message_id, group_id, channel_id, author, object_position, seq, sent_at, lamport, text, file_names, reply_to,
       content, failure)
     VALUES (CAST(? AS INTEGER), ?, ?, ?, ?, (${POSITION}), ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  return {
    isUnwanted: createUnwanted(db),
    run: (r, seq) => {
      const ids = [idBytes(r.messageId), idBytes(r.groupId), idBytes(r.channelId), idBytes(r.author), idBytes(r.objectId)]
      const id = timeId(r.lamport)
      const names = JSON.stringify(r.fileNames)
      insert.run(id, ...ids, seq, r.sentAt, r.lamport, r.text, names, idBytesOrNull(r.replyTo), r.content, r.failure)
      index.add(id, r)
    },
  }
}

/** What the message counts as in its channel. An upsert that returns the count would take three times as long as these one after another. */
function createCount(db: Connection): (row: MessageRow) => number {
  const isOurs = 'EXISTS (SELECT 1 FROM groups WHERE group_id = ? AND self_member_id = ?)'
  const count = db.prepare(`UPDATE channel_marks SET last_seq = last_seq + 1, unread = unread + NOT ${isOurs} WHERE channel_id = ?`)
  const begin = db.prepare(`INSERT INTO channel_marks (channel_id, last_seq, read_seq, unread) VALUES (?, 1, 0, NOT ${isOurs})`)
  const counted = db.prepare('SELECT last_seq AS value FROM channel_marks WHERE channel_id = ?')
  return ({ channelId, groupId, author }) => {
    const [channel, ours] = [idBytes(channelId), [idBytes(groupId), idBytes(author)]]
    if (count.run(...ours, channel) === 0) begin.run(channel, ...ours)
    return numberOf(counted.get(channel))
  }
}

/** Here already, or deleted here. One's own are never refused for their age: a clock that was wrong once must not stop anybody writing. */
function createUnwanted(db: Connection): (row: MessageRow) => boolean {
  const unwanted = db.prepare(
    `SELECT 1 WHERE EXISTS (SELECT 1 FROM messages WHERE message_id = ? AND author = ?)
       OR EXISTS (SELECT 1 FROM deleted_messages WHERE message_id = ? AND author = ?)
       OR EXISTS (SELECT 1 FROM channel_keeping WHERE channel_id = ? AND swept_before > ?
         AND NOT EXISTS (SELECT 1 FROM groups WHERE group_id = ? AND self_member_id = ?))`,
  )
  return ({ messageId, author, channelId, groupId, lamport }) => {
    const name = [idBytes(messageId), idBytes(author)]
    return unwanted.get(...name, ...name, idBytes(channelId), lamport, idBytes(groupId), idBytes(author)) !== undefined
  }
}
