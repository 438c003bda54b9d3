import type { MlsExporterUses } from '../../../ports/mls-storage.ts'
import type { Connection } from '../../sqlite/connection.ts'
import type { EpochIds } from './epoch-ids.ts'

export function createMlsExporterUses(db: Connection, ids: EpochIds): MlsExporterUses {
  const note = db.prepare('INSERT INTO mls_exporter_uses (epoch_id, label, context) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
  const find = db.prepare('SELECT 1 FROM mls_exporter_uses WHERE epoch_id = ? AND label = ? AND context = ?')
  return {
    noteExport: (groupId, eid, { label, context }) => note.run(ids.need(groupId, eid), label, context) === 1,
    wasExported: (groupId, eid, { label, context }) => find.get(ids.find(groupId, eid), label, context) !== undefined,
  }
}
