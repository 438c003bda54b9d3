import type { Eid, GroupId } from '../../../../shared/domain/ids.ts'
import type { MlsFixedParts } from '../../../ports/mls-storage.ts'
import { bytes, row } from '../../sqlite/columns.ts'
import type { Connection } from '../../sqlite/connection.ts'
import type { EpochIds } from './epoch-ids.ts'
import { writeOnce } from './write-once.ts'

const decode = row<{ bytes: Uint8Array }>({ bytes })

/** A table of its own each: SQLite rewrites whole rows, and reads them whole. */
export function createMlsFixedParts(db: Connection, ids: EpochIds): MlsFixedParts {
  const part = (table: string) => {
    const sql = {
      insert: `INSERT INTO ${table} (epoch_id, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING`,
      select: `SELECT bytes FROM ${table} WHERE epoch_id = ?`,
    }
    const rows = writeOnce(db, sql, decode, (value) => [value.bytes])
    return {
      put: (groupId: GroupId, eid: Eid, value: Uint8Array): void => rows.put([ids.need(groupId, eid)], { bytes: value }),
      get: (groupId: GroupId, eid: Eid): Uint8Array | null => {
        const id = ids.find(groupId, eid)
        return id === null ? null : (rows.get([id])?.bytes ?? null)
      },
    }
  }
  const contexts = part('mls_group_contexts')
  const trees = part('mls_ratchet_trees')
  const schedules = part('mls_key_schedules')
  const confirmations = part('mls_confirmations')
  return {
    putGroupContext: contexts.put,
    groupContext: contexts.get,
    putRatchetTree: trees.put,
    ratchetTree: trees.get,
    putKeySchedule: schedules.put,
    keySchedule: schedules.get,
    putConfirmation: confirmations.put,
    confirmation: confirmations.get,
  }
}
