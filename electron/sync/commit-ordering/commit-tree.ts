import type { Eid, MemberId, ObjectId } from '../../../shared/domain/ids.ts'

/** A valid commit as the choice sees it: an edge of the tree of epochs. */
export interface CommitNode {
  objectId: ObjectId
  parent: Eid
  child: Eid
  author: MemberId
  authorLeaf: number
  /** Members of the parent who are none of the child. One whose leaf was replaced is not removed. */
  removes: readonly MemberId[]
}

/** Of one member at a fork point. `seniority`: higher outranks; `rank`: 32 bytes nobody can grind (HMAC keyed by the fork point's exporter). */
export interface Standing {
  seniority: number
  rank: Uint8Array
}

/** The members of one fork point. Whoever is absent, as a newcomer of later is, counts nothing there. */
export type Standings = ReadonlyMap<MemberId, Standing>

export interface CommitTree {
  /** The oldest retained epoch. */
  root: Eid
  /** In any order; those not connected to the root are ignored. */
  commits: readonly CommitNode[]
  /** Who sent a message or an acknowledgement in an epoch. The author of a commit counts as seen in its child anyway. */
  seen: ReadonlyMap<Eid, ReadonlySet<MemberId>>
}
