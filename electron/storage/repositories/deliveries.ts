import type { ChannelId, GroupId, MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import { invariant } from '../../kernel/errors.ts'
import type { AwaitedRow, DeliveryRepository, DeliveryRow } from '../../ports/store.ts'
import { flag, hexId, integer, nullable, optional, row } from '../sqlite/columns.ts'
import type { Connection } from '../sqlite/connection.ts'
import { idBytes } from '../sqlite/id-bytes.ts'

const decode = row<DeliveryRow>({ objectId: hexId, groupId: hexId, memberId: hexId, ackedAt: nullable(integer) })
const decodeQueued = row<{ channelId: ChannelId; messages: number }>({ channelId: hexId, messages: integer })
const decodeAwaited = row<AwaitedRow>({ channelId: hexId, objectId: hexId, memberId: hexId })
const decodeOwing = row<{ groupId: GroupId }>({ groupId: hexId })
const decodePlace = row<{ position: number; here: boolean }>({ position: integer, here: flag })

/** So many rows of each group are looked through for the newest of its channels. */
const LOOKED_THROUGH = 2_000

interface Owed {
  objectId: ObjectId
  position: number
}
const decodeOwed = row<Owed>({ objectId: hexId, position: integer })

/**
 * What is owed to one member and still here, oldest object first: each message that is owed to anybody is looked at, which is
 * little, because what is dropped is owed no more. CROSS JOIN keeps that order. What follows is AND-ed.
 */
const owedTo = (condition: string): string =>
  `SELECT object_id AS objectId, w.position AS position FROM owed_objects w CROSS JOIN deliveries d USING (position) CROSS JOIN objects o USING (position)
   WHERE w.group_id = ? AND d.member_id = ? AND d.acked_at IS NULL AND ${condition} ORDER BY w.position`

const OURS_UP_TO = "o.kind = 'message' AND o.sender = ? AND o.sender_seq <= ?"

export function createDeliveryRepository(db: Connection): DeliveryRepository {
  const position = db.prepare('SELECT position, bytes IS NOT NULL AS here FROM objects WHERE object_id = ?')
  const through = db.prepare(owedTo(OURS_UP_TO))
  const some = db.prepare(`${owedTo('o.bytes IS NOT NULL')} LIMIT ?`)
  const of = db.prepare(
    `SELECT object_id AS objectId, d.group_id AS groupId, member_id AS memberId, acked_at AS ackedAt
     FROM objects JOIN deliveries d USING (position) WHERE object_id = ? ORDER BY member_id`,
  )
  // CROSS JOIN keeps the order written: what is owed is little, what was ever said is much.
  const queued = db.prepare(
    `SELECT m.channel_id AS channelId, count(*) AS messages FROM owed_objects w CROSS JOIN messages m ON m.object_position = w.position
     GROUP BY m.channel_id ORDER BY m.channel_id`,
  )
  const awaited = db.prepare(
    `SELECT m.channel_id AS channelId, o.object_id AS objectId, d.member_id AS memberId
     FROM owed_objects w CROSS JOIN messages m ON m.object_position = w.position
     CROSS JOIN deliveries d ON d.position = w.position CROSS JOIN objects o ON o.position = w.position
     WHERE w.group_id = ? AND d.acked_at IS NULL ORDER BY w.position DESC LIMIT ?`,
  )
  const owing = db.prepare('SELECT DISTINCT group_id AS groupId FROM owed_objects')
  const { ack, owe, forgive } = createChanges(db)
  const moveAll = db.prepare('UPDATE deliveries SET position = ? WHERE position = ?')
  const moveOwed = db.prepare(
    'UPDATE owed_objects SET position = ? WHERE (group_id, position) = (SELECT group_id, position FROM objects WHERE position = ?)',
  )
  const placeOf = (objectId: ObjectId) => optional(decodePlace, position.get(idBytes(objectId)))

  return {
    owe: (objectId, groupId, recipients) => {
      db.assertWriting()
      if (recipients.length === 0) return
      const at = placeOf(objectId)
      invariant(at !== null, 'owed an object that is not stored')
      owe(groupId, at.position, at.here, recipients)
    },
    ack: (objectId, memberId, at) => {
      db.assertWriting()
      const place = placeOf(objectId)
      return place !== null && ack(place.position, memberId, at)
    },
    ackThrough: (groupId, self, memberId, senderSeq, at) => {
      db.assertWriting()
      const changed = through.all(idBytes(groupId), idBytes(memberId), idBytes(self), senderSeq).map(decodeOwed)
      for (const { position: place } of changed) ack(place, memberId, at)
      return changed.map((one) => one.objectId)
    },
    owedTo: (groupId, memberId, limit) => some.all(idBytes(groupId), idBytes(memberId), limit).map((found) => decodeOwed(found).objectId),
    move: (from, to) => {
      db.assertWriting()
      const [old, fresh] = [placeOf(from), placeOf(to)]
      invariant(old !== null && fresh !== null, 'moved between objects that are not stored')
      for (const move of [moveAll, moveOwed]) move.run(fresh.position, old.position)
    },
    of: (objectId) => of.all(idBytes(objectId)).map(decode),
    forgive: (groupId, memberId) => {
      db.assertWriting()
      const changed = some.all(idBytes(groupId), idBytes(memberId), -1).map(decodeOwed)
      for (const { position: place } of changed) forgive(place, memberId)
      return changed.map((one) => one.objectId)
    },
    queued: () => queued.all().map(decodeQueued),
    awaited: (each, limit) => {
      const rows = owing.all().flatMap((row) => awaited.all(idBytes(decodeOwing(row).groupId), LOOKED_THROUGH).map(decodeAwaited))
      return newestOfEach(rows, each).slice(0, limit)
    },
  }
}

/** Who is owed what, with the count of them kept beside it. All by the object's position. */
function createChanges(db: Connection) {
  const add = db.prepare('INSERT INTO deliveries (position, member_id, group_id, acked_at) VALUES (?, ?, ?, NULL) ON CONFLICT DO NOTHING')
  const count = db.prepare(
    'INSERT INTO owed_objects (group_id, position, members) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET members = members + excluded.members',
  )
  const acked = db.prepare('UPDATE deliveries SET acked_at = ? WHERE position = ? AND member_id = ? AND acked_at IS NULL')
  const forgiven = db.prepare('DELETE FROM deliveries WHERE position = ? AND member_id = ? AND acked_at IS NULL')
  const ofDelivery = '(group_id, position) = (SELECT group_id, position FROM objects WHERE position = ?)'
  const last = db.prepare(`DELETE FROM owed_objects WHERE ${ofDelivery} AND members = 1`)
  const fewer = db.prepare(`UPDATE owed_objects SET members = members - 1 WHERE ${ofDelivery}`)
  const discount = (position: number): void => {
    if (last.run(position) === 0) fewer.run(position)
  }
  return {
    owe: (groupId: GroupId, position: number, isHere: boolean, recipients: readonly MemberId[]): void => {
      const [group, added] = [idBytes(groupId), recipients.map((member) => add.run(position, idBytes(member), idBytes(groupId)))]
      const owed = added.reduce((sum, changed) => sum + changed, 0)
      if (owed > 0 && isHere) count.run(group, position, owed)
    },
    ack: (position: number, memberId: MemberId, at: number): boolean => {
      const changed = acked.run(at, position, idBytes(memberId)) === 1
      if (changed) discount(position)
      return changed
    },
    forgive: (position: number, memberId: MemberId): void => {
      if (forgiven.run(position, idBytes(memberId)) === 1) discount(position)
    },
  }
}

/** `rows`: of each group the newest message first. Of each channel so many messages, the newest of every channel before any second one. */
function newestOfEach(rows: readonly AwaitedRow[], each: number): AwaitedRow[] {
  const ages = new Map<ChannelId, Map<ObjectId, number>>()
  const aged = rows.flatMap((row) => {
    const known = ages.get(row.channelId) ?? new Map<ObjectId, number>()
    ages.set(row.channelId, known)
    const age = known.get(row.objectId) ?? known.size
    known.set(row.objectId, age)
    return age < each ? { row, age } : []
  })
  const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)
  aged.sort((a, b) => a.age - b.age || compare(a.row.channelId, b.row.channelId) || compare(a.row.memberId, b.row.memberId))
  return aged.map(({ row }) => row)
}
