import type { EpochRepository, EpochRow } from '../../ports/store.ts'
import { invariant } from '../../kernel/errors.ts'
import { type Fields, bytes, hexId, integer, nullable, nullableHexId, optional, row } from '../sqlite/columns.ts'
import type { Connection } from '../sqlite/connection.ts'
import { idBytes, idBytesOrNull } from '../sqlite/id-bytes.ts'

type EpochSummary = Omit<EpochRow, 'fixedPart' | 'movingPart'>

const SUMMARY = 'group_id AS groupId, eid, epoch, parent, superseded_at AS supersededAt'

const summaryFields: Fields<EpochSummary> = {
  groupId: hexId,
  eid: hexId,
  epoch: integer,
  parent: nullableHexId,
  supersededAt: nullable(integer),
}
const decodeSummary = row<EpochSummary>(summaryFields)
const decode = row<EpochRow>({ ...summaryFields, fixedPart: bytes, movingPart: bytes })

export function createEpochRepository(db: Connection): EpochRepository {
  const one = db.prepare(
    `SELECT ${SUMMARY}, f.bytes AS fixedPart, m.bytes AS movingPart
     FROM epochs JOIN epoch_fixed_parts f USING (group_id, eid) JOIN epoch_moving_parts m USING (group_id, eid)
     WHERE group_id = ? AND eid = ?`,
  )
  const list = db.prepare(`SELECT ${SUMMARY} FROM epochs WHERE group_id = ? ORDER BY epoch DESC, eid`)
  const upsert = db.prepare(
    `INSERT INTO epochs (group_id, eid, epoch, parent, superseded_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET epoch = excluded.epoch, parent = excluded.parent, superseded_at = excluded.superseded_at`,
  )
  const putFixed = db.prepare(
    'INSERT INTO epoch_fixed_parts (group_id, eid, bytes) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes',
  )
  const putMoving = db.prepare(
    'INSERT INTO epoch_moving_parts (group_id, eid, bytes) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes',
  )
  const move = db.prepare('UPDATE epoch_moving_parts SET bytes = ? WHERE group_id = ? AND eid = ?')
  const supersede = db.prepare('UPDATE epochs SET superseded_at = ? WHERE group_id = ? AND eid = ?')
  const remove = db.prepare('DELETE FROM epochs WHERE group_id = ? AND eid = ?')
  return {
    get: (groupId, eid) => optional(decode, one.get(idBytes(groupId), idBytes(eid))),
    put: (r) => {
      upsert.run(idBytes(r.groupId), idBytes(r.eid), r.epoch, idBytesOrNull(r.parent), r.supersededAt)
      putFixed.run(idBytes(r.groupId), idBytes(r.eid), r.fixedPart)
      putMoving.run(idBytes(r.groupId), idBytes(r.eid), r.movingPart)
    },
    setMovingPart: (groupId, eid, movingPart) => invariant(move.run(movingPart, idBytes(groupId), idBytes(eid)) === 1, 'no such epoch'),
    supersede: (groupId, eid, at) => invariant(supersede.run(at, idBytes(groupId), idBytes(eid)) === 1, 'no such epoch'),
    list: (groupId) => list.all(idBytes(groupId)).map(decodeSummary),
    delete: (groupId, eid) => void remove.run(idBytes(groupId), idBytes(eid)),
  }
}
