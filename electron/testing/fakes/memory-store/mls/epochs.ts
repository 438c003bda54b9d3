import type { Eid, GroupId } from '../../../../../shared/domain/ids.ts'
import { InvariantError, invariant } from '../../../../kernel/errors.ts'
import type { MlsEpochRow } from '../../../../ports/mls-epoch.ts'
import type { MlsEpochs, MlsFixedParts } from '../../../../ports/mls-storage.ts'
import { type Table, by } from '../table.ts'
import type { EpochTables } from './epoch-table.ts'

const newestFirst = by<MlsEpochRow>(
  (r) => -r.epoch,
  (r) => r.eid,
)

export function memoryMlsEpochs(rows: Table<MlsEpochRow>, tables: EpochTables, dropKeys: (groupId: GroupId) => void): MlsEpochs {
  const epochs: MlsEpochs['epochs'] = (groupId) => rows.where((r) => r.groupId === groupId).sort(newestFirst)
  const deleteEpoch: MlsEpochs['deleteEpoch'] = (groupId, eid) => {
    tables.drop(groupId, eid)
    rows.delete(groupId, eid)
  }
  return {
    putEpoch: (row) => {
      const stored = rows.get(row.groupId, row.eid)
      if (stored === null) rows.set(row, row.groupId, row.eid)
      else invariant(stored.epoch === row.epoch && stored.parent === row.parent, 'another epoch of the same id')
    },
    epoch: (groupId, eid) => rows.get(groupId, eid),
    epochs,
    pastEpochs: (groupId) => epochs(groupId).filter((r) => r.supersededAt !== null),
    supersedeEpoch: (groupId, eid, at) => {
      const row = rows.get(groupId, eid)
      if (row === null) throw new InvariantError('no such epoch')
      rows.set({ ...row, supersededAt: at }, groupId, eid)
    },
    deleteEpoch,
    deleteGroup: (groupId) => {
      for (const { eid } of epochs(groupId)) deleteEpoch(groupId, eid)
      dropKeys(groupId)
    },
  }
}

interface Part {
  groupId: GroupId
  eid: Eid
  bytes: Uint8Array
}

export function memoryMlsFixedParts(tables: EpochTables): MlsFixedParts {
  const part = () => {
    const rows = tables.table<Part>(() => [])
    return {
      put: (groupId: GroupId, eid: Eid, bytes: Uint8Array): void => rows.putOnce({ groupId, eid, bytes }),
      get: (groupId: GroupId, eid: Eid): Uint8Array | null => rows.get(groupId, eid)?.bytes ?? null,
    }
  }
  const [contexts, trees, schedules, confirmations] = [part(), part(), part(), part()]
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
