import type { Eid, GroupId, MemberId, ObjectId } from '../../shared/domain/ids.ts'

/** What is stored of a group's branches: the tree of its epochs, who was seen where, and what was asked here. */

/** A valid commit: one edge of a group's tree of epochs. */
export interface CommitRow {
  objectId: ObjectId
  groupId: GroupId
  parent: Eid
  /** The epoch it leads to; for one that removes this device a name of its own, which no epoch has. */
  child: Eid
  author: MemberId
  /** The leaf it was made with: a device. -1 where that was not noted, before there were branches. */
  authorLeaf: number
  /** Members who are in no more once it is followed. */
  removes: MemberId[]
}

export interface CommitRepository {
  /** Does nothing if it is there. */
  put(row: CommitRow): void
  /** In the order in which they were stored. */
  of(groupId: GroupId): CommitRow[]
  /** Those that lead out of an epoch. */
  outOf(groupId: GroupId, parent: Eid): CommitRow[]
  /** The one that leads to an epoch. */
  into(groupId: GroupId, child: Eid): CommitRow | null
  /** Forgets those that lead out of an epoch that is no longer kept, and the one that leads to it. */
  dropAround(groupId: GroupId, eid: Eid): void
}

/** Who was seen in which epoch: sent a message there, or an acknowledgement. */
export interface WitnessRepository {
  /** Does nothing the second time. Answers whether it was new. */
  note(groupId: GroupId, eid: Eid, memberId: MemberId): boolean
  has(groupId: GroupId, eid: Eid, memberId: MemberId): boolean
  of(groupId: GroupId): { eid: Eid; memberId: MemberId }[]
  drop(groupId: GroupId, eid: Eid): void
}

/** What a person asked of a group, until it is certain to last. */
export interface IntentRow {
  /** 16 random bytes, hexadecimal. */
  intentId: string
  groupId: GroupId
  /** Encoded by `sync`, which alone reads it. */
  body: Uint8Array
  /** The commit that carries it. */
  objectId: ObjectId
  /** Why it did not last; null while it may. */
  failure: string | null
  createdAt: number
}

export interface IntentRepository {
  /** Replaces the row of that id. */
  put(row: IntentRow): void
  get(intentId: string): IntentRow | null
  /** Oldest first. */
  list(groupId: GroupId): IntentRow[]
  /** Forgets those of a group made before `before`. Answers how many went. */
  prune(groupId: GroupId, before: number): number
}
