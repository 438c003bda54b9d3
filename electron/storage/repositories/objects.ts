import type { GroupId } from '../../../shared/domain/ids.ts'
import { invariant } from '../../kernel/errors.ts'
import type { ObjectRepository, ObjectRow, SizedHead } from '../../ports/store.ts'
import { bytes, hexId, integer, nullable, oneOf, optional, row } from '../sqlite/columns.ts'
import type { Connection } from '../sqlite/connection.ts'
import { idBytes } from '../sqlite/id-bytes.ts'

const HEAD = 'object_id AS objectId, group_id AS groupId, kind, eid, epoch, sender, sender_seq AS senderSeq'
const COLUMNS = `${HEAD}, bytes, stored_at AS storedAt`

const head = {
  objectId: hexId,
  groupId: hexId,
  kind: oneOf('commit', 'message'),
  eid: hexId,
  epoch: integer,
  sender: hexId,
  senderSeq: nullable(integer),
} as const

const decode = row<ObjectRow>({ ...head, bytes, storedAt: integer })
const decodeHead = row<SizedHead>({ ...head, size: integer })

const decodePosition = row({ position: integer })
const decodeName = row<Pick<ObjectRow, 'objectId'>>({ objectId: hexId })
const decodePlace = row<{ position: number; groupId: GroupId }>({ position: integer, groupId: hexId })

export function createObjectRepository(db: Connection): ObjectRepository {
  const position = db.prepare('SELECT position FROM objects WHERE object_id = ?')
  const ofGroup = db.prepare('SELECT position FROM objects WHERE object_id = ? AND group_id = ?')
  const one = db.prepare(`SELECT ${COLUMNS} FROM objects WHERE object_id = ? AND bytes IS NOT NULL`)
  const commitAfter = db.prepare(
    `SELECT ${COLUMNS} FROM objects WHERE group_id = ? AND eid = ? AND kind = 'commit' AND bytes IS NOT NULL ORDER BY position LIMIT 1`,
  )
  const insert = db.prepare(
    `INSERT INTO objects (object_id, group_id, kind, eid, epoch, sender, sender_seq, bytes, stored_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (object_id) DO NOTHING`,
  )
  const rowsSince = (columns: string) =>
    db.prepare(
      `SELECT ${columns} FROM objects WHERE group_id = ? AND position > ? AND epoch >= ? AND bytes IS NOT NULL ORDER BY position LIMIT ?`,
    )
  const since = rowsSince(COLUMNS)
  // Neither the length nor whether there are any makes SQLite read the bytes; a column stored after them would.
  const headsSince = rowsSince(`${HEAD}, length(bytes) AS size`)
  // By epoch SQLite would come by all messages of the newest one.
  const commitsSince = db.prepare(
    `SELECT ${HEAD}, length(bytes) AS size FROM objects INDEXED BY commits_by_epoch
     WHERE group_id = ? AND kind = 'commit' AND epoch >= ? AND bytes IS NOT NULL`,
  )
  // Only of our own messages can this device know that everyone has them: nobody acknowledges a commit.
  const prunable = db.prepare(
    `SELECT position, group_id AS groupId FROM objects WHERE bytes IS NOT NULL AND kind = 'message' AND stored_at < ? AND (stored_at < ? OR (
       EXISTS (SELECT 1 FROM groups WHERE groups.group_id = objects.group_id AND groups.self_member_id = objects.sender)
       AND NOT EXISTS (SELECT 1 FROM owed_objects w WHERE w.group_id = objects.group_id AND w.position = objects.position)))
     ORDER BY stored_at LIMIT ?`,
  )
  const atNobody = db.prepare(
    `SELECT object_id AS objectId FROM objects WHERE bytes IS NOT NULL AND kind = 'message' AND stored_at < ?
       AND EXISTS (SELECT 1 FROM groups WHERE groups.group_id = objects.group_id AND groups.self_member_id = objects.sender)
       AND EXISTS (SELECT 1 FROM owed_objects w WHERE w.group_id = objects.group_id AND w.position = objects.position)
       AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.position = objects.position AND d.acked_at IS NOT NULL)
     ORDER BY stored_at LIMIT ?`,
  )
  const drop = db.prepare('UPDATE objects SET bytes = NULL WHERE position = ?')
  const close = db.prepare('DELETE FROM owed_objects WHERE group_id = ? AND position = ?')

  const positionAfter = (objectId: ObjectRow['objectId']): number => {
    const found = optional(decodePosition, position.get(idBytes(objectId)))
    invariant(found !== null, 'continued after an object that was never stored')
    return found.position
  }

  return {
    has: (groupId, objectId) => ofGroup.get(idBytes(objectId), idBytes(groupId)) !== undefined,
    get: (objectId) => optional(decode, one.get(idBytes(objectId))),
    commitAfter: (groupId, eid) => optional(decode, commitAfter.get(idBytes(groupId), idBytes(eid))),
    put: (r) =>
      insert.run(
        idBytes(r.objectId),
        idBytes(r.groupId),
        r.kind,
        idBytes(r.eid),
        r.epoch,
        idBytes(r.sender),
        r.senderSeq,
        r.bytes,
        r.storedAt,
      ) === 1,
    since: (groupId, fromEpoch, after, limit) =>
      since.all(idBytes(groupId), after === null ? 0 : positionAfter(after), fromEpoch, limit).map(decode),
    headsSince: (groupId, fromEpoch, after, limit) =>
      headsSince.all(idBytes(groupId), after === null ? 0 : positionAfter(after), fromEpoch, limit).map(decodeHead),
    commitsSince: (groupId, fromEpoch) => commitsSince.all(idBytes(groupId), fromEpoch).map(decodeHead),
    prune: (before, atLatest, limit = Number.MAX_SAFE_INTEGER) => {
      db.assertWriting()
      const found = prunable.all(Math.max(before, atLatest), atLatest, limit).map(decodePlace)
      for (const { position: at, groupId } of found) {
        drop.run(at)
        close.run(idBytes(groupId), at)
      }
      return found.length
    },
    atNobodyBefore: (before, limit) => atNobody.all(before, limit).map((found) => decodeName(found).objectId),
  }
}
