import type { Eid, ObjectId } from '../../../shared/domain/ids.ts'
import type { CommitRow } from '../../ports/branch-store.ts'
import { isWithoutUs } from '../group/edge.ts'
import { pathTo } from '../group/epoch-store.ts'
import type { LiveGroup } from '../group/live-group.ts'

/**
 * The commits by which this device is out, each after those that led to it from where this device was: it may have been on another
 * branch, and whoever was there with it knows none of them. Then its own that did not lead there: whoever is with those who removed it may
 * know none of these, and nobody else who does may be left, though somebody was let go by one of them. Of who left without a commit that
 * it knows, all of its own. Before all that, for who is to hear it and says which epochs it knows (`known`), what led to where this device was
 * from the newest of them: whoever else had that may be gone.
 */
export function wayOut(group: LiveGroup, known: readonly Eid[] = []): ObjectId[] {
  const { out, own } = waysOf(group)
  return [...new Set([...wayHere(group, new Set(known)), ...out, ...own])]
}

function wayHere({ groupId, tip, deps: { store } }: LiveGroup, known: ReadonlySet<Eid>): ObjectId[] {
  const path = pathTo(store, groupId, tip.row.tip)
  const unknown = path.findIndex(({ eid }) => known.has(eid))
  return path
    .slice(0, Math.max(0, unknown))
    .reverse()
    .flatMap(({ eid }) => store.commits.into(groupId, eid)?.objectId ?? [])
}

/** Commits of its own, with what led to them, that those who removed this device may not know. */
export const leftBehind = (group: LiveGroup): readonly ObjectId[] => waysOf(group).own

function waysOf({ groupId, tip, self, deps: { store } }: LiveGroup): { out: readonly ObjectId[]; own: readonly ObjectId[] } {
  const commits = store.commits.of(groupId)
  const into = new Map(commits.map((commit) => [commit.child, commit]))
  const path = new Set(pathTo(store, groupId, tip.row.tip).map(({ eid }) => eid))
  const out = commits.filter(isWithoutUs).flatMap((removal) => stepsTo(removal, into, path))
  // Who left is told so by somebody who may be elsewhere, and deletes all it knows.
  if (out.length === 0) return { out: [], own: commits.flatMap(({ author, objectId }) => (author === self ? objectId : [])) }
  // Where those who removed it came by, from the oldest epoch that both have been in.
  const forks = new Set(out.flatMap(({ parent }) => (path.has(parent) ? parent : [])))
  const theirs = new Set([...sharedWith(forks, path), ...out.map(({ child }) => child)])
  const own = commits
    .filter(({ author, child }) => author === self && !theirs.has(child))
    .flatMap((commit) => stepsTo(commit, into, theirs))
  return { out: out.map(({ objectId }) => objectId), own: own.map(({ objectId }) => objectId) }
}

/** The commits that lead to it from the last of those epochs, in order, and itself. */
function stepsTo(last: CommitRow, into: ReadonlyMap<Eid, CommitRow>, from: ReadonlySet<Eid>): CommitRow[] {
  const steps: CommitRow[] = []
  for (let at: CommitRow | undefined = last; at !== undefined; at = from.has(at.parent) ? undefined : into.get(at.parent)) {
    if (steps.includes(at)) break
    steps.unshift(at)
  }
  return steps
}

/** Of the way that this device came, newest first, what is older than all forks from it. Without forks nothing was parted. */
function sharedWith(forks: ReadonlySet<Eid>, path: ReadonlySet<Eid>): Eid[] {
  const all = [...path]
  return all.slice(Math.max(0, ...[...forks].map((eid) => all.indexOf(eid))))
}
