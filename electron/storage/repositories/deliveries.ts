import type { ChannelId, ObjectId } from '../../../shared/domain/ids.ts'
import { invariant } from '../../kernel/errors.ts'
import type { DeliveryRepository, DeliveryRow } from '../../ports/store.ts'
import { hexId, integer, nullable, row } from '../sqlite/columns.ts'
import type { Bindable, Connection, Statement } from '../sqlite/connection.ts'
import { idBytes } from '../sqlite/id-bytes.ts'

const decode = row<DeliveryRow>({ objectId: hexId, groupId: hexId, memberId: hexId, ackedAt: nullable(integer) })
const decodeId = row<{ objectId: ObjectId }>({ objectId: hexId })
const decodeQueued = row<{ channelId: ChannelId; messages: number }>({ channelId: hexId, messages: integer })

/** Owed deliveries to one member, oldest object first; what follows is AND-ed. */
const owedObjects = (condition: string): string =>
  `SELECT object_id AS objectId FROM deliveries d JOIN objects o USING (position)
   WHERE d.group_id = ? AND d.member_id = ? AND d.acked_at IS NULL AND ${condition} ORDER BY position`

const OURS_UP_TO = "o.kind = 'message' AND o.sender = ? AND o.sender_seq <= ?"

export function createDeliveryRepository(db: Connection): DeliveryRepository {
  const owe = db.prepare(
    `INSERT INTO deliveries (position, member_id, group_id, acked_at) SELECT position, ?, ?, NULL FROM objects WHERE object_id = ?
     ON CONFLICT (position, member_id) DO UPDATE SET group_id = group_id`,
  )
  const ack = db.prepare(
    `UPDATE deliveries SET acked_at = ?
     WHERE position = (SELECT position FROM objects WHERE object_id = ?) AND member_id = ? AND acked_at IS NULL`,
  )
  const through = db.prepare(owedObjects(OURS_UP_TO))
  const owedTo = db.prepare(`${owedObjects('o.bytes IS NOT NULL')} LIMIT ?`)
  const owedAll = db.prepare(owedObjects('TRUE'))
  const forgive = db.prepare('DELETE FROM deliveries WHERE group_id = ? AND member_id = ? AND acked_at IS NULL')
  const of = db.prepare(
    `SELECT object_id AS objectId, d.group_id AS groupId, member_id AS memberId, acked_at AS ackedAt
     FROM objects JOIN deliveries d USING (position) WHERE object_id = ? ORDER BY member_id`,
  )
  // CROSS JOIN keeps the order written: what is owed is little, what was ever said is much.
  const queued = db.prepare(
    `SELECT m.channel_id AS channelId, count(*) AS messages
     FROM (SELECT DISTINCT position FROM deliveries WHERE acked_at IS NULL) d
     CROSS JOIN messages m ON m.object_position = d.position GROUP BY m.channel_id ORDER BY m.channel_id`,
  )
  const ids = (statement: Statement, ...params: Bindable[]): ObjectId[] => statement.all(...params).map((r) => decodeId(r).objectId)

  return {
    owe: (objectId, groupId, recipients) => {
      db.assertWriting()
      for (const memberId of recipients)
        invariant(owe.run(idBytes(memberId), idBytes(groupId), idBytes(objectId)) === 1, 'owed an object that is not stored')
    },
    ack: (objectId, memberId, at) => ack.run(at, idBytes(objectId), idBytes(memberId)) === 1,
    ackThrough: (groupId, self, memberId, senderSeq, at) => {
      db.assertWriting()
      const changed = ids(through, idBytes(groupId), idBytes(memberId), idBytes(self), senderSeq)
      for (const objectId of changed) ack.run(at, idBytes(objectId), idBytes(memberId))
      return changed
    },
    owedTo: (groupId, memberId, limit) => ids(owedTo, idBytes(groupId), idBytes(memberId), limit),
    of: (objectId) => of.all(idBytes(objectId)).map(decode),
    forgive: (groupId, memberId) => {
      const changed = ids(owedAll, idBytes(groupId), idBytes(memberId))
      forgive.run(idBytes(groupId), idBytes(memberId))
      return changed
    },
    queued: () => queued.all().map(decodeQueued),
  }
}
