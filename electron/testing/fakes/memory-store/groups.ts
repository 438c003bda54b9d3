import { InvariantError } from '../../../kernel/errors.ts'
import type { EpochRepository, EpochRow, GroupRepository, GroupRow, SenderRepository, SenderRow } from '../../../ports/store.ts'
import { type Journal, Table, by } from './table.ts'

export function memoryGroups(journal: Journal): GroupRepository {
  const rows = new Table<GroupRow>(journal)
  return {
    get: (groupId) => rows.get(groupId),
    list: () =>
      rows
        .where(() => true)
        .sort(
          by(
            (r) => r.createdAt,
            (r) => r.groupId,
          ),
        ),
    put: (row) => rows.set(row, row.groupId),
  }
}

export function memoryEpochs(journal: Journal): EpochRepository {
  const rows = new Table<EpochRow>(journal)
  const change = (groupId: EpochRow['groupId'], eid: EpochRow['eid'], part: Partial<EpochRow>): void => {
    const row = rows.get(groupId, eid)
    if (row === null) throw new InvariantError('no such epoch')
    rows.set({ ...row, ...part }, groupId, eid)
  }
  return {
    get: (groupId, eid) => rows.get(groupId, eid),
    put: (row) => rows.set(row, row.groupId, row.eid),
    setMovingPart: (groupId, eid, movingPart) => change(groupId, eid, { movingPart }),
    supersede: (groupId, eid, at) => change(groupId, eid, { supersededAt: at }),
    list: (groupId) =>
      rows
        .where((r) => r.groupId === groupId)
        .sort(
          by(
            (r) => -r.epoch,
            (r) => r.eid,
          ),
        )
        .map(({ fixedPart: _fixed, movingPart: _moving, ...summary }) => summary),
    delete: (groupId, eid) => rows.delete(groupId, eid),
  }
}

export function memorySenders(journal: Journal): SenderRepository {
  const rows = new Table<SenderRow>(journal)
  return {
    get: (groupId, memberId) => rows.get(groupId, memberId),
    list: (groupId) => rows.where((r) => r.groupId === groupId).sort(by((r) => r.memberId)),
    put: (row) => rows.set(row, row.groupId, row.memberId),
  }
}
