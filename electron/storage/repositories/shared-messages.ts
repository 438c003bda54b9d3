import type { MemberId } from '../../../shared/domain/ids.ts'
import type { MessageRepository } from '../../ports/store.ts'
import { bytes, hexId, optional, row } from '../sqlite/columns.ts'
import type { Connection } from '../sqlite/connection.ts'
import { idBytes } from '../sqlite/id-bytes.ts'
import type { Insert } from './messages.ts'
import { numberOf } from './message-columns.ts'
import { HANDED_EPOCH, handedObjectId, SHARED_EPOCH, sharedObjectId } from './shared-object.ts'

const decodeSharer = row<{ sender: MemberId }>({ sender: hexId })

/** Numbers below zero: no read mark is below them, so that what was shared is never unread, and they disturb no other's numbers. */
export function createShared(
  db: Connection,
  insert: Insert,
  add: MessageRepository['add'],
): Pick<MessageRepository, 'addShared' | 'addHanded' | 'sharerOf'> {
  const putObject = db.prepare(
    `INSERT INTO objects (object_id, group_id, kind, eid, epoch, sender, sender_seq, bytes, stored_at)
     VALUES (?, ?, 'message', x'', ?, ?, NULL, NULL, ?) ON CONFLICT (object_id) DO NOTHING`,
  )
  const lowest = db.prepare('SELECT seq AS value FROM messages WHERE channel_id = ? AND seq < 0 ORDER BY seq LIMIT 1')
  const sharer = db.prepare(`SELECT sender FROM objects WHERE object_id = ? AND epoch IN (${SHARED_EPOCH}, ${HANDED_EPOCH})`)
  return {
    addShared: (shared, sharedBy) => {
      db.assertWriting()
      const message = { ...shared, objectId: sharedObjectId(shared.groupId, sharedBy), failure: null }
      if (insert.isUnwanted(message)) return null
      putObject.run(idBytes(message.objectId), idBytes(shared.groupId), SHARED_EPOCH, idBytes(sharedBy), shared.sentAt)
      const seq = numberOf(lowest.get(idBytes(shared.channelId))) - 1
      insert.run(message, seq)
      return { ...message, fileNames: [...shared.fileNames], content: bytes(shared.content), seq }
    },
    addHanded: (handed) => {
      db.assertWriting()
      const { groupId, author, messageId, sentAt } = handed
      const message = { ...handed, objectId: handedObjectId(groupId, author, messageId), failure: null }
      putObject.run(idBytes(message.objectId), idBytes(groupId), HANDED_EPOCH, idBytes(author), sentAt)
      return add(message)
    },
    sharerOf: (objectId) => optional(decodeSharer, sharer.get(idBytes(objectId)))?.sender ?? null,
  }
}
