import { invariant } from '../../../kernel/errors.ts'
import type { MlsEpochRow } from '../../../ports/mls-epoch.ts'
import type { MlsEpochs } from '../../../ports/mls-storage.ts'
import { hexId, integer, nullable, nullableHexId, optional, row } from '../../sqlite/columns.ts'
import type { Connection } from '../../sqlite/connection.ts'
import { idBytes, idBytesOrNull } from '../../sqlite/id-bytes.ts'

const COLUMNS = 'group_id AS groupId, eid, epoch, parent, superseded_at AS supersededAt'

const decode = row<MlsEpochRow>({
  groupId: hexId,
  eid: hexId,
  epoch: integer,
  parent: nullableHexId,
  supersededAt: nullable(integer),
})

export function createMlsEpochs(db: Connection): MlsEpochs {
  const insert = db.prepare(
    'INSERT INTO mls_epochs (group_id, eid, epoch, parent, superseded_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const one = db.prepare(`SELECT ${COLUMNS} FROM mls_epochs WHERE group_id = ? AND eid = ?`)
  const all = db.prepare(`SELECT ${COLUMNS} FROM mls_epochs WHERE group_id = ? ORDER BY epoch DESC, eid`)
  const supersede = db.prepare('UPDATE mls_epochs SET superseded_at = ? WHERE group_id = ? AND eid = ?')
  const remove = db.prepare('DELETE FROM mls_epochs WHERE group_id = ? AND eid = ?')
  // Signature keys last: leaves refer to them.
  const removeGroup = ['mls_epochs', 'mls_key_packages', 'mls_signature_keys'].map((table) =>
    db.prepare(`DELETE FROM ${table} WHERE group_id = ?`),
  )
  const epoch: MlsEpochs['epoch'] = (groupId, eid) => optional(decode, one.get(idBytes(groupId), idBytes(eid)))
  const epochs: MlsEpochs['epochs'] = (groupId) => all.all(idBytes(groupId)).map(decode)
  return {
    putEpoch: (r) => {
      if (insert.run(idBytes(r.groupId), idBytes(r.eid), r.epoch, idBytesOrNull(r.parent), r.supersededAt) === 1) return
      const stored = epoch(r.groupId, r.eid)
      invariant(stored?.epoch === r.epoch && stored.parent === r.parent, 'another epoch of the same id')
    },
    epoch,
    epochs,
    pastEpochs: (groupId) => epochs(groupId).filter((r) => r.supersededAt !== null),
    supersedeEpoch: (groupId, eid, at) => invariant(supersede.run(at, idBytes(groupId), idBytes(eid)) === 1, 'no such epoch'),
    deleteEpoch: (groupId, eid) => void remove.run(idBytes(groupId), idBytes(eid)),
    deleteGroup: (groupId) => {
      for (const statement of removeGroup) statement.run(idBytes(groupId))
    },
  }
}
