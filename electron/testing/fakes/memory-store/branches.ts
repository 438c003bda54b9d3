import type { Eid, MemberId } from '../../../../shared/domain/ids.ts'
import type { CommitRepository, CommitRow, IntentRepository, IntentRow, WitnessRepository } from '../../../ports/branch-store.ts'
import { type Journal, Table, by } from './table.ts'

type Placed<T> = T & { position: number }

const inOrder = by<{ position: number }>((r) => r.position)

function bare<T extends object>({ position: _position, ...row }: Placed<T>): Omit<Placed<T>, 'position'> {
  return row
}

export function memoryCommits(journal: Journal): CommitRepository {
  const rows = new Table<Placed<CommitRow>>(journal)
  let placed = 0
  const where = (matches: (row: Readonly<CommitRow>) => boolean): CommitRow[] => rows.where(matches).sort(inOrder).map(bare)
  return {
    put: (row) => {
      if (!rows.has(row.objectId)) rows.set({ ...row, position: ++placed }, row.objectId)
    },
    of: (groupId) => where((r) => r.groupId === groupId),
    outOf: (groupId, parent) => where((r) => r.groupId === groupId && r.parent === parent),
    into: (groupId, child) => where((r) => r.groupId === groupId && r.child === child)[0] ?? null,
    dropAround: (groupId, eid) => {
      for (const { objectId } of where((r) => r.groupId === groupId && (r.parent === eid || r.child === eid))) rows.delete(objectId)
    },
  }
}

export function memoryWitnesses(journal: Journal): WitnessRepository {
  const rows = new Table<{ groupId: string; eid: Eid; memberId: MemberId }>(journal)
  const inOrder = by<{ eid: Eid; memberId: MemberId }>(
    (r) => r.eid,
    (r) => r.memberId,
  )
  return {
    note: (groupId, eid, memberId) => {
      if (rows.has(groupId, eid, memberId)) return false
      rows.set({ groupId, eid, memberId }, groupId, eid, memberId)
      return true
    },
    has: (groupId, eid, memberId) => rows.has(groupId, eid, memberId),
    of: (groupId) =>
      rows
        .where((r) => r.groupId === groupId)
        .sort(inOrder)
        .map(({ eid, memberId }) => ({ eid, memberId })),
    drop: (groupId, eid) => {
      for (const { memberId } of rows.where((r) => r.groupId === groupId && r.eid === eid)) rows.delete(groupId, eid, memberId)
    },
  }
}

export function memoryIntents(journal: Journal): IntentRepository {
  const rows = new Table<Placed<IntentRow>>(journal)
  let placed = 0
  return {
    put: (row) => {
      const before = rows.get(row.intentId)
      const kept = before === null ? {} : { groupId: before.groupId, createdAt: before.createdAt }
      rows.set({ ...row, ...kept, position: before?.position ?? ++placed }, row.intentId)
    },
    get: (intentId) => {
      const row = rows.get(intentId)
      return row && bare(row)
    },
    list: (groupId) =>
      rows
        .where((r) => r.groupId === groupId)
        .sort(
          by(
            (r) => r.createdAt,
            (r) => r.position,
          ),
        )
        .map(bare),
    prune: (groupId, before) => {
      const old = rows.where((r) => r.groupId === groupId && r.createdAt < before)
      for (const { intentId } of old) rows.delete(intentId)
      return old.length
    },
  }
}
