import { createHash } from 'node:crypto'
import type { Eid, ObjectId } from '../../../shared/domain/ids.ts'
import type { GroupMember, ProposedChange } from '../../crypto/mls/group-engine.ts'
import type { CommitRow } from '../../ports/branch-store.ts'
import type { ObjectRow } from '../../ports/store.ts'

/** The edge that a valid commit is in its group's tree of epochs. `staying`: who is in the epoch it leads to. */
export function edgeOf(object: ObjectRow, change: ProposedChange, child: Eid, staying: readonly GroupMember[]): CommitRow {
  const { objectId, groupId, eid: parent } = object
  const here = new Set(staying.map((m) => m.memberId))
  const removes = [...new Set(change.removed.map((leaf) => leaf.memberId))].filter((memberId) => !here.has(memberId))
  return { objectId, groupId, parent, child, author: change.author.memberId, authorLeaf: change.author.leafIndex, removes }
}

/** Names the epoch that a commit leads to for a device it removes, which cannot compute the epoch's own name. */
export const withoutUs = (objectId: ObjectId): Eid =>
  createHash('sha256').update('spacepanda/removed').update(objectId).digest('hex').slice(0, 32) as Eid

/** Whether a commit removes this device. */
export const isWithoutUs = ({ objectId, child }: Pick<CommitRow, 'objectId' | 'child'>): boolean => child === withoutUs(objectId)
