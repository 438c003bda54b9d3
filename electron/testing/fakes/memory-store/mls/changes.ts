import type { Eid, GroupId } from '../../../../../shared/domain/ids.ts'
import { toHex } from '../../../../kernel/bytes.ts'
import type { ExporterUse, MlsExporterUses, MlsProposals, PendingCommit, QueuedProposal } from '../../../../ports/mls-storage.ts'
import { by } from '../table.ts'
import type { EpochTables } from './epoch-table.ts'

type Of<T> = T & { groupId: GroupId; eid: Eid }

export function memoryMlsProposals(tables: EpochTables): MlsProposals {
  const queue = tables.table<Of<QueuedProposal> & { position: number }>((r) => [r.reference])
  const pending = tables.table<PendingCommit>(() => [])
  let queued = 0
  return {
    queueProposal: (groupId, eid, { reference, bytes }) => void queue.add({ groupId, eid, reference, bytes, position: ++queued }),
    queuedProposals: (groupId, eid) =>
      queue
        .of(groupId, eid)
        .sort(by((r) => r.position))
        .map(({ reference, bytes }) => ({ reference, bytes })),
    removeProposal: (groupId, eid, reference) => void queue.remove(groupId, eid, reference),
    clearProposals: (groupId, eid) => queue.clear(groupId, eid),
    putPendingCommit: (row) => {
      pending.clearGroup(row.groupId)
      pending.set(row)
    },
    pendingCommit: (groupId) => pending.ofGroup(groupId)[0] ?? null,
    clearPendingCommit: (groupId) => pending.clearGroup(groupId),
  }
}

export function memoryMlsExporterUses(tables: EpochTables): MlsExporterUses {
  const uses = tables.table<Of<ExporterUse>>((r) => [r.label, toHex(r.context)])
  return {
    noteExport: (groupId, eid, { label, context }) => uses.add({ groupId, eid, label, context }),
    wasExported: (groupId, eid, { label, context }) => uses.get(groupId, eid, label, toHex(context)) !== null,
  }
}
