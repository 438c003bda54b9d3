import type { ChannelId } from '../../../shared/domain/ids.ts'
import type { MessageRepository, StoredMessage } from '../../ports/store.ts'
import { hexId, integer, row } from '../sqlite/columns.ts'
import type { Connection } from '../sqlite/connection.ts'
import { idBytes } from '../sqlite/id-bytes.ts'
import { MESSAGE_COLUMNS, decodeMessageWithId, numberOf } from './message-columns.ts'
import type { SearchIndex } from './search/search-index.ts'

type Deletion = Pick<MessageRepository, 'deleteForMe' | 'wasDeleted' | 'keepDays' | 'setKeepDays' | 'channelsWithKeepDays' | 'sweep'>

const decodeKeeping = row<{ channelId: ChannelId; keepDays: number }>({ channelId: hexId, keepDays: integer })

export function createDeletion(db: Connection, index: SearchIndex): Deletion {
  const one = db.prepare(`SELECT ${MESSAGE_COLUMNS}, id FROM messages WHERE message_id = ? ORDER BY seq < 0, object_position LIMIT 1`)
  const bury = db.prepare('INSERT INTO deleted_messages (message_id, author) VALUES (?, ?) ON CONFLICT DO NOTHING')
  const wasDeleted = db.prepare('SELECT 1 AS value FROM deleted_messages WHERE message_id = ? LIMIT 1')
  const drop = createDrop(db, index)
  return {
    deleteForMe: (messageId) => {
      db.assertWriting()
      const found = one.get(idBytes(messageId))
      if (found === undefined) return null
      const { id, ...message } = decodeMessageWithId(found)
      bury.run(idBytes(messageId), idBytes(message.author))
      drop({ ...message, id })
      return message
    },
    wasDeleted: (messageId) => numberOf(wasDeleted.get(idBytes(messageId))) === 1,
    ...createKeeping(db, drop),
  }
}

type Drop = (message: StoredMessage & { id: number }) => void

function createDrop(db: Connection, index: SearchIndex): Drop {
  const remove = db.prepare('DELETE FROM messages WHERE id = ?')
  const discount = db.prepare(
    `UPDATE channel_marks SET unread = max(0, unread - 1) WHERE channel_id = ? AND read_seq < ?
       AND NOT EXISTS (SELECT 1 FROM groups WHERE group_id = ? AND self_member_id = ?)`,
  )
  return (message) => {
    index.remove(message.id, message)
    remove.run(message.id)
    discount.run(idBytes(message.channelId), message.seq, idBytes(message.groupId), idBytes(message.author))
  }
}

function createKeeping(db: Connection, drop: Drop): Pick<Deletion, 'keepDays' | 'setKeepDays' | 'channelsWithKeepDays' | 'sweep'> {
  const days = db.prepare('SELECT days AS value FROM channel_keeping WHERE channel_id = ?')
  const keep = db.prepare(
    'INSERT INTO channel_keeping (channel_id, days, swept_before) VALUES (?, ?, 0) ON CONFLICT DO UPDATE SET days = excluded.days',
  )
  const keepAll = db.prepare('DELETE FROM channel_keeping WHERE channel_id = ?')
  const list = db.prepare('SELECT channel_id AS channelId, days AS keepDays FROM channel_keeping ORDER BY channel_id')
  const swept = db.prepare('UPDATE channel_keeping SET swept_before = ? WHERE channel_id = ? AND swept_before < ?')
  const old = db.prepare(
    `SELECT ${MESSAGE_COLUMNS}, id FROM messages WHERE channel_id = ? AND lamport < ? ORDER BY lamport, message_id, seq LIMIT ?`,
  )
  return {
    keepDays: (channelId) => {
      const found = days.get(idBytes(channelId))
      return found === undefined ? null : numberOf(found)
    },
    setKeepDays: (channelId, count) => {
      if (count === null) keepAll.run(idBytes(channelId))
      else keep.run(idBytes(channelId), count)
    },
    channelsWithKeepDays: () => list.all().map(decodeKeeping),
    sweep: (channelId, before, limit) => {
      swept.run(before, idBytes(channelId), before)
      const gone = old.all(idBytes(channelId), before, limit).map(decodeMessageWithId)
      gone.forEach(drop)
      return gone.map((message) => message.messageId)
    },
  }
}
