import type { Eid, GroupId, MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import type { CommitRow } from '../../ports/branch-store.ts'
import type { MlsEpochRow } from '../../ports/mls-epoch.ts'
import type { Repositories } from '../../ports/store.ts'
import type { Frontier } from '../../ports/wire.ts'
import { pathAmong } from '../group/epoch-store.ts'

/** Which commits of a group somebody has, by the epochs it says it knows: whoever knows an epoch knows all that led there from its root. */

type Reading = Pick<Repositories, 'mls' | 'commits'>

/** As many as a `Frontier` may name, and of branches besides the tip's at most so many. */
const MAX_KNOWN = 64
const MAX_BRANCHES = 40
const DENSE = 16

const MAX_ROOTS = 8

export type EpochsHere = Pick<Frontier, 'roots' | 'known'>

/**
 * `known`: the newest epoch of each branch, the tip's first; then of what led to the tip the newest few, among which newcomers came
 * in, and further back one of every so many, ever further apart, so that who is far ahead or far behind finds one it knows.
 */
export const epochsHere = (store: Reading, groupId: GroupId, tip: Eid): EpochsHere => epochsAmong(store.mls.epochs(groupId), tip)

/** The same among all epochs of the group that are here, for who has read them already. */
export function epochsAmong(epochs: readonly MlsEpochRow[], tip: Eid): EpochsHere {
  const here = new Set(epochs.map(({ eid }) => eid))
  const parents = new Set(epochs.map(({ parent }) => parent))
  const branches = epochs.filter(({ eid }) => eid !== tip && !parents.has(eid)).map(({ eid }) => eid)
  const path = pathAmong(epochs, tip).map(({ eid }) => eid)
  const spaced = path.filter((_, i) => i < DENSE || Number.isInteger(Math.log2(i)) || i === path.length - 1)
  const known = [...new Set([tip, ...branches.slice(0, MAX_BRANCHES), ...spaced])].slice(0, MAX_KNOWN)
  const roots = epochs.filter(({ parent }) => parent === null || !here.has(parent)).map(({ eid }) => eid)
  return { known, roots: roots.slice(0, MAX_ROOTS) }
}

/** The newest epoch of each branch that is known here, also where its state is not. */
export function endsOf(epochs: readonly MlsEpochRow[], edges: readonly CommitRow[]): Eid[] {
  const parents = new Set([...epochs, ...edges].map(({ parent }) => parent))
  return [...new Set([...epochs.map(({ eid }) => eid), ...edges.map(({ child }) => child)])].filter((eid) => !parents.has(eid))
}

/** Whether an epoch is one of our tree. */
export const isKnown = ({ mls, commits }: Reading, groupId: GroupId, eid: Eid): boolean =>
  mls.epoch(groupId, eid) !== null || commits.into(groupId, eid) !== null

/** Null where they name no epoch that we know. */
export interface ComparedEpochs {
  /** For each commit that is an edge of our tree: whether it is there, or of no use because they cannot follow it. */
  held: ReadonlyMap<ObjectId, boolean> | null
  /** For each epoch that hangs together with one of their roots: whether they can read what is of it. Of others nothing is known. */
  readable: ReadonlyMap<Eid, boolean> | null
  /** They are in an epoch that we do not know. Then no number of an epoch says which commits they lack: theirs may be another branch. */
  apart: boolean
}

/** What they said of what they were brought. */
export interface Answered {
  /** Commits that they will not have. They may have taken another one in its place, by an author who used a key twice, and then read nothing of what follows. */
  holds(commit: ObjectId): boolean
  /** Epochs that they do not know, whatever follows from the rest. */
  isUnread(eid: Eid): boolean
}

const NOTHING_ANSWERED: Answered = { holds: () => false, isUnread: () => false }

/** Who it is, where that is proven. */
export interface Whose {
  memberId: MemberId | null
  answered: Answered
}

const ANYBODY: Whose = { memberId: null, answered: NOTHING_ANSWERED }

export function compareEpochs(
  store: Reading,
  groupId: GroupId,
  theirs: EpochsHere & Pick<Frontier, 'eid'>,
  { memberId, answered }: Whose = ANYBODY,
): ComparedEpochs {
  const commits = store.commits.of(groupId)
  const ours = new Set([...store.mls.epochs(groupId).map(({ eid }) => eid), ...commits.map(({ child }) => child)])
  const known = theirs.known.filter((eid) => ours.has(eid))
  const roots = theirs.roots.filter((eid) => ours.has(eid))
  // Who was removed, and is back, follows nothing from there to where it came in again.
  const followed = commits.filter(
    ({ objectId, removes }) => !answered.holds(objectId) && (memberId === null || !removes.includes(memberId)),
  )
  const readable = readableTo({ commits, followed }, { roots, known }, answered)
  return { held: heldOf(commits, { roots, known }, readable), readable, apart: !ours.has(theirs.eid) }
}

/**
 * Who came in at a root has the commit that led into it, and of what led there only what it could follow from another of its roots: where it
 * came in once more, with a fresh leaf, the commits between are still to be brought.
 */
function heldOf(
  commits: readonly CommitRow[],
  { roots, known }: EpochsHere,
  readable: ReadonlyMap<Eid, boolean> | null,
): Map<ObjectId, boolean> | null {
  if (known.length === 0) return null
  const into = new Map(commits.map((commit) => [commit.child, commit]))
  const held = new Map(commits.map(({ objectId, parent }) => [objectId, readable?.get(parent) === false]))
  for (const eid of known) {
    for (let commit = into.get(eid); commit !== undefined && held.get(commit.objectId) === false; commit = into.get(commit.parent)) {
      held.set(commit.objectId, true)
      if (roots.includes(commit.child)) break
    }
  }
  return held
}

interface Edges {
  commits: readonly CommitRow[]
  /** Those that they can follow, or may. */
  followed: readonly CommitRow[]
}

function readableTo({ commits, followed }: Edges, { roots, known }: EpochsHere, answered: Answered): Map<Eid, boolean> | null {
  if (roots.length + known.length === 0) return null
  const found = new Set(roots)
  addFollowing(found, followed)
  // What they know and does not come out of a root that we know comes out of one that is older than all we know.
  const older = new Set(known.filter((eid) => !found.has(eid)))
  for (const eid of older) for (const { parent, child } of commits) if (child === eid && !found.has(parent)) older.add(parent)
  for (const eid of older) found.add(eid)
  addFollowing(found, followed)
  const connected = new Set(found)
  // A set goes on to what is added while it is gone through.
  for (const eid of connected)
    for (const { parent, child } of commits) {
      if (parent === eid) connected.add(child)
      if (child === eid) connected.add(parent)
    }
  return new Map([...connected].map((eid) => [eid, found.has(eid) && !answered.isUnread(eid)]))
}

/** Adds all that comes out of what is in it. */
export function addFollowing(found: Set<Eid>, commits: readonly Pick<CommitRow, 'parent' | 'child'>[]): void {
  for (const eid of found) for (const { parent, child } of commits) if (parent === eid) found.add(child)
}

/** The number of the oldest epoch out of which a commit leads that they lack, or may; infinite if they lack none. */
export function oldestLacking({ objects }: Pick<Repositories, 'objects'>, { held, apart }: ComparedEpochs, oldest: number): number {
  if (apart) return oldest
  const lacking = [...(held ?? [])].filter(([, isHeld]) => !isHeld)
  return lacking.reduce((oldest, [objectId]) => Math.min(oldest, objects.get(objectId)?.epoch ?? oldest), Infinity)
}
