import type { GroupRepository } from '../../ports/store.ts'
import type { Connection } from '../sqlite/connection.ts'
import { integer, row } from '../sqlite/columns.ts'
import { idBytes } from '../sqlite/id-bytes.ts'
import { MESSAGE_COLUMNS, decodeMessageWithId } from './message-columns.ts'
import type { SearchIndex } from './search/search-index.ts'

/** Small, and gone at once when messages and objects are: those that others refer to last. */
const REST = [
  ...['owed_objects', 'senders', 'channels', 'members', 'spaces', 'peers'],
  ...['invitation_links', 'invitation_grants', 'joins', 'mls_epochs', 'mls_key_packages', 'mls_signature_keys', 'identities', 'groups'],
] as const

const OF_CHANNELS = ['channel_marks', 'channel_keeping'] as const

const decodePosition = row({ position: integer })

export function createGroupDeletion(db: Connection, index: SearchIndex): Pick<GroupRepository, 'forget'> {
  const messages = db.prepare(`SELECT ${MESSAGE_COLUMNS}, id FROM messages WHERE group_id = ? ORDER BY lamport DESC LIMIT ?`)
  const dropMessage = db.prepare('DELETE FROM messages WHERE id = ?')
  const objects = db.prepare('SELECT position FROM objects WHERE group_id = ? ORDER BY position LIMIT ?')
  const ofObject = ['DELETE FROM deliveries WHERE position = ?', 'DELETE FROM objects WHERE position = ?'].map((sql) => db.prepare(sql))
  const dropOwed = db.prepare('DELETE FROM owed_objects WHERE group_id = ?')
  const dropChannelRows = OF_CHANNELS.map((table) =>
    db.prepare(`DELETE FROM ${table} WHERE channel_id IN (SELECT channel_id FROM channels WHERE group_id = ?)`),
  )
  const dropRest = REST.map((table) => db.prepare(`DELETE FROM ${table} WHERE group_id = ?`))
  return {
    forget: (groupId, limit) => {
      const group = idBytes(groupId)
      const found = messages.all(group, limit).map(decodeMessageWithId)
      for (const message of found) {
        index.remove(message.id, message)
        dropMessage.run(message.id)
      }
      if (found.length > 0) return true
      dropOwed.run(group)
      const carried = objects.all(group, limit).map(decodePosition)
      for (const { position } of carried) for (const drop of ofObject) drop.run(position)
      if (carried.length > 0) return true
      for (const drop of [...dropChannelRows, ...dropRest]) drop.run(group)
      return false
    },
  }
}
