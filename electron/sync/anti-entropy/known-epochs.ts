import type { Eid, GroupId, ObjectId } from '../../../shared/domain/ids.ts'
import type { Repositories } from '../../ports/store.ts'
import { pathTo } from '../group/epoch-store.ts'

/** Which commits of a group somebody has, by the epochs it says it knows: whoever knows an epoch knows all that led to it. */

type Reading = Pick<Repositories, 'mls' | 'commits'>

/** As many as a `Frontier` may name, and of branches besides the tip's at most so many. */
const MAX_KNOWN = 64
const MAX_BRANCHES = 40

/**
 * The newest epoch of each branch, the tip's first; then of what led to the tip one of every so many, ever further apart, so that
 * who is far ahead or far behind finds one it knows.
 */
export function knownEpochs(store: Reading, groupId: GroupId, tip: Eid): Eid[] {
  const epochs = store.mls.epochs(groupId)
  const parents = new Set(epochs.map(({ parent }) => parent))
  const branches = epochs.filter(({ eid }) => eid !== tip && !parents.has(eid)).map(({ eid }) => eid)
  const path = pathTo(store, groupId, tip).map(({ eid }) => eid)
  const spaced = path.filter((_, i) => Number.isInteger(Math.log2(i)) || i === path.length - 1)
  return [...new Set([tip, ...branches.slice(0, MAX_BRANCHES), ...spaced])].slice(0, MAX_KNOWN)
}

/** Whether an epoch is one of our tree. */
export const isKnown = ({ mls, commits }: Reading, groupId: GroupId, eid: Eid): boolean =>
  mls.epoch(groupId, eid) !== null || commits.into(groupId, eid) !== null

/** For each commit that is an edge of our tree: whether it is there. */
export type HeldCommits = ReadonlyMap<ObjectId, boolean>

/** Null if they know no epoch that we know. */
export function heldCommits(store: Reading, groupId: GroupId, known: readonly Eid[]): HeldCommits | null {
  const commits = store.commits.of(groupId)
  const into = new Map(commits.map((commit) => [commit.child, commit]))
  const ours = new Set([...store.mls.epochs(groupId).map(({ eid }) => eid), ...into.keys()])
  const shared = known.filter((eid) => ours.has(eid))
  if (shared.length === 0) return null
  const held = new Map(commits.map(({ objectId }) => [objectId, false]))
  for (const eid of shared) {
    for (let commit = into.get(eid); commit !== undefined && held.get(commit.objectId) === false; commit = into.get(commit.parent))
      held.set(commit.objectId, true)
  }
  return held
}

/** The number of the oldest epoch out of which a commit leads that they lack; infinite if they lack none. */
export function oldestLacking({ objects }: Pick<Repositories, 'objects'>, held: HeldCommits | null): number {
  const lacking = [...(held ?? [])].filter(([, isHeld]) => !isHeld)
  return lacking.reduce((oldest, [objectId]) => Math.min(oldest, objects.get(objectId)?.epoch ?? oldest), Infinity)
}
