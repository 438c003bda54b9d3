import type { ChannelId } from '../../../shared/domain/ids.ts'
import type { Landing } from '../../../shared/domain/models.ts'
import type { MessageRepository, MessageSlice, StoredMessage } from '../../ports/store.ts'
import { hexId, integer, optional, row } from '../sqlite/columns.ts'
import type { Connection } from '../sqlite/connection.ts'
import { idBytes } from '../sqlite/id-bytes.ts'
import { MESSAGE_COLUMNS, decodeMessage } from './message-columns.ts'
import { type MessagePosition, decodeCursor, encodeCursor } from './message-cursor.ts'

/** Reads a channel from a place on, nearest first. */
interface Reader {
  older(channelId: ChannelId, at: MessagePosition | null, limit: number): StoredMessage[]
  newer(channelId: ChannelId, at: MessagePosition, limit: number, withIt?: boolean): StoredMessage[]
}

/** Keyset pagination: a page begins at a place in the order, not at a number of rows, so what comes and goes elsewhere moves nothing. */
export function createPages(db: Connection): Pick<MessageRepository, 'page' | 'olderThan' | 'newer' | 'around'> {
  const reader = createReader(db)
  const land = createLandings(db)
  return {
    page: (channelId, limit, before) => {
      const at = before === null ? null : decodeCursor(before)
      // One more than asked for tells whether there is another page.
      const found = reader.older(channelId, at, limit + 1)
      const messages = found.slice(0, limit)
      const top = messages[0] ?? at
      const isMoreNewer = before !== null && top !== null && reader.newer(channelId, top, 1).length > 0
      return slice(messages, { older: found.length > limit, newer: isMoreNewer, at })
    },
    olderThan: (channelId, place, limit) => reader.older(channelId, { ...place, seq: Number.MIN_SAFE_INTEGER }, limit),
    newer: (channelId, limit, after) => {
      const at = decodeCursor(after)
      const found = reader.newer(channelId, at, limit + 1)
      const messages = found.slice(0, limit).reverse()
      const isMoreOlder = reader.older(channelId, messages.at(-1) ?? at, 1).length > 0
      return slice(messages, { older: isMoreOlder, newer: found.length > limit, at })
    },
    around: (channelId, limit, landing) => {
      const target = land(channelId, landing)
      if (target === 'nowhere') return null
      return aroundPosition(reader, channelId, limit, target)
    },
  }
}

/** An empty page keeps its place, so that one can go on from it. */
function slice(messages: StoredMessage[], more: { older: boolean; newer: boolean; at: MessagePosition | null }): MessageSlice {
  const [top, bottom] = [messages[0] ?? more.at, messages.at(-1) ?? more.at]
  return {
    messages,
    nextCursor: more.older && bottom !== null ? encodeCursor(bottom) : null,
    previousCursor: more.newer && top !== null ? encodeCursor(top) : null,
  }
}

/** Half on each side; what one side lacks the other gives. */
function aroundPosition(reader: Reader, channelId: ChannelId, limit: number, target: MessagePosition | null): MessageSlice {
  const newer = target === null ? [] : reader.newer(channelId, target, limit + 1, true)
  const older = reader.older(channelId, target, limit + 1)
  const takeNewer = Math.min(newer.length, Math.max(Math.ceil(limit / 2), limit - older.length))
  const takeOlder = Math.min(older.length, limit - takeNewer)
  const messages = [...newer.slice(0, takeNewer).reverse(), ...older.slice(0, takeOlder)]
  return slice(messages, { older: older.length > takeOlder, newer: newer.length > takeNewer, at: target })
}

function createReader(db: Connection): Reader {
  const falling = 'ORDER BY lamport DESC, message_id DESC, seq DESC LIMIT ?'
  const rising = 'ORDER BY lamport, message_id, seq LIMIT ?'
  const select = `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE channel_id = ?`
  const newest = db.prepare(`${select} ${falling}`)
  const before = db.prepare(`${select} AND (lamport, message_id, seq) < (?, ?, ?) ${falling}`)
  const after = db.prepare(`${select} AND (lamport, message_id, seq) > (?, ?, ?) ${rising}`)
  const from = db.prepare(`${select} AND (lamport, message_id, seq) >= (?, ?, ?) ${rising}`)
  return {
    older: (channelId, at, limit) => {
      const channel = idBytes(channelId)
      const found = at === null ? newest.all(channel, limit) : before.all(channel, at.lamport, idBytes(at.messageId), at.seq, limit)
      return found.map(decodeMessage)
    },
    newer: (channelId, at, limit, withIt = false) =>
      (withIt ? from : after).all(idBytes(channelId), at.lamport, idBytes(at.messageId), at.seq, limit).map(decodeMessage),
  }
}

const decodePosition = row<MessagePosition>({ lamport: integer, messageId: hexId, seq: integer })

/** The place to land on; null for the end, where the newest are. */
function createLandings(db: Connection): (channelId: ChannelId, landing: Landing) => MessagePosition | null | 'nowhere' {
  const position = 'SELECT lamport, message_id AS messageId, seq FROM messages'
  // With the plus only the index of message ids can be used; SQLite would rather read a whole channel.
  const message = db.prepare(`${position} WHERE message_id = ? AND +channel_id = ? ORDER BY seq < 0, object_position LIMIT 1`)
  const date = db.prepare(`${position} WHERE channel_id = ? AND lamport >= ? ORDER BY lamport, message_id, seq LIMIT 1`)
  const unread = db.prepare(
    `${position} WHERE channel_id = ? AND seq > ifnull((SELECT read_seq FROM channel_marks k WHERE k.channel_id = messages.channel_id), 0)
       AND author IS NOT (SELECT self_member_id FROM groups g WHERE g.group_id = messages.group_id) ORDER BY seq LIMIT 1`,
  )
  return (channelId, landing) => {
    const channel = idBytes(channelId)
    switch (landing.kind) {
      case 'message':
        return optional(decodePosition, message.get(idBytes(landing.messageId), channel)) ?? 'nowhere'
      case 'date':
        return optional(decodePosition, date.get(channel, landing.at))
      case 'unread':
        return optional(decodePosition, unread.get(channel))
    }
  }
}
