import type { GroupRepository, GroupRow, SenderRepository, SenderRow } from '../../../ports/store.ts'
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
    // In one step: there is no history so long here that it would take a while.
    forget: (groupId) => {
      journal.forget(groupId)
      return false
    },
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
