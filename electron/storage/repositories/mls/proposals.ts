import type { MlsProposals, PendingCommit, QueuedProposal } from '../../../ports/mls-storage.ts'
import { bytes, hexId, optional, row } from '../../sqlite/columns.ts'
import type { Connection } from '../../sqlite/connection.ts'
import { idBytes } from '../../sqlite/id-bytes.ts'
import type { EpochIds } from './epoch-ids.ts'

const decodeProposal = row<QueuedProposal>({ reference: hexId, bytes })
const decodePending = row<PendingCommit>({ groupId: hexId, eid: hexId, commit: bytes, next: bytes })

export function createMlsProposals(db: Connection, ids: EpochIds): MlsProposals {
  const queue = db.prepare('INSERT INTO mls_proposals (epoch_id, reference, bytes) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
  const queued = db.prepare('SELECT reference, bytes FROM mls_proposals WHERE epoch_id = ? ORDER BY position')
  const remove = db.prepare('DELETE FROM mls_proposals WHERE epoch_id = ? AND reference = ?')
  const clear = db.prepare('DELETE FROM mls_proposals WHERE epoch_id = ?')
  const putPending = db.prepare(
    `INSERT INTO mls_pending_commits (group_id, epoch_id, commit_bytes, next_state) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET epoch_id = excluded.epoch_id, commit_bytes = excluded.commit_bytes, next_state = excluded.next_state`,
  )
  const pending = db.prepare(
    `SELECT p.group_id AS groupId, e.eid, commit_bytes AS "commit", next_state AS next
     FROM mls_pending_commits p JOIN mls_epochs e ON e.id = p.epoch_id WHERE p.group_id = ?`,
  )
  const clearPending = db.prepare('DELETE FROM mls_pending_commits WHERE group_id = ?')
  return {
    queueProposal: (groupId, eid, proposal) => void queue.run(ids.need(groupId, eid), idBytes(proposal.reference), proposal.bytes),
    queuedProposals: (groupId, eid) => queued.all(ids.find(groupId, eid)).map(decodeProposal),
    removeProposal: (groupId, eid, reference) => void remove.run(ids.find(groupId, eid), idBytes(reference)),
    clearProposals: (groupId, eid) => void clear.run(ids.find(groupId, eid)),
    putPendingCommit: (p) => void putPending.run(idBytes(p.groupId), ids.need(p.groupId, p.eid), p.commit, p.next),
    pendingCommit: (groupId) => optional(decodePending, pending.get(idBytes(groupId))),
    clearPendingCommit: (groupId) => void clearPending.run(idBytes(groupId)),
  }
}
