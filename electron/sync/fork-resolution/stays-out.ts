import type { Eid, MemberId } from '../../../shared/domain/ids.ts'
import { choose } from '../commit-ordering/choose.ts'
import type { Choice } from '../commit-ordering/choose.ts'
import type { CommitNode, CommitTree, Standings } from '../commit-ordering/commit-tree.ts'
import { reachable } from '../commit-ordering/reachable.ts'
import { isWithoutUs } from '../group/edge.ts'

/** Who removed this device, where that is what all follow. */
export function removerOf({ path }: Choice): MemberId | null {
  const last = path.at(-1)
  return last !== undefined && isWithoutUs(last) ? last.author : null
}

/**
 * SPEC.md T8. Whether a device that was removed stays out. Who follows the removal cannot be seen here, so all do for whom nothing speaks
 * against it: no other branch outweighs it unless so many say that they are there (`places`). It may also have fallen, because its author
 * was removed itself (C6). A removal that is known no more, being beyond the horizon, counts as ever.
 */
export function staysOut(
  tree: CommitTree,
  standings: ReadonlyMap<Eid, Standings>,
  { self, places }: { self: MemberId; places: ReadonlyMap<MemberId, Eid> },
): boolean {
  const commits = [...reachable(tree).values()].flat()
  const removals = commits.filter(isWithoutUs)
  const members = [...new Set([...standings.values()].flatMap((at) => [...at.keys()]))].filter((memberId) => memberId !== self)
  const known = new Set(commits.map(({ child }) => child))
  const seen = new Map(tree.seen)
  for (const removal of removals) {
    const before = upTo(commits, removal.parent)
    const isElsewhere = (eid: Eid | undefined): boolean => eid !== undefined && known.has(eid) && !before.has(eid)
    seen.set(removal.child, new Set(members.filter((memberId) => !isElsewhere(places.get(memberId)))))
  }
  return removals.length === 0 || removerOf(choose({ ...tree, seen }, standings)) !== null
}

/**
 * SPEC.md T8. Whether all other members of the epoch that the choice leads to (`others`) say that they are on the way there, past every epoch out of which a
 * removal of this device leads: none of them follows one. Who was let go on that way might, and outweighs nobody before those hear of it and choose anew.
 */
export function isWhereAllAre(
  tree: CommitTree,
  { path }: Choice,
  { others, places }: { others: readonly MemberId[]; places: ReadonlyMap<MemberId, Eid> },
): boolean {
  const commits = [...reachable(tree).values()].flat()
  const there = new Set(path.map(({ child }) => child))
  const removals = commits.filter(isWithoutUs)
  for (const removal of removals) for (const eid of upTo(commits, removal.parent)) there.delete(eid)
  const isThere = (eid: Eid | undefined): boolean => eid !== undefined && there.has(eid)
  return removals.length > 0 && others.length > 0 && others.every((memberId) => isThere(places.get(memberId)))
}

/** That epoch, and all that led to it. */
function upTo(commits: readonly CommitNode[], last: Eid): Set<Eid> {
  const into = new Map(commits.map((commit) => [commit.child, commit]))
  const found = new Set<Eid>()
  for (let eid: Eid | undefined = last; eid !== undefined && !found.has(eid); eid = into.get(eid)?.parent) found.add(eid)
  return found
}
