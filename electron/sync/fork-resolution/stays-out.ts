import type { Eid, MemberId } from '../../../shared/domain/ids.ts'
import { choose } from '../commit-ordering/choose.ts'
import type { Choice } from '../commit-ordering/choose.ts'
import type { CommitTree, Standings } from '../commit-ordering/commit-tree.ts'
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
  const into = new Map(commits.map((commit) => [commit.child, commit]))
  const seen = new Map(tree.seen)
  for (const removal of removals) {
    const before = new Set<Eid>()
    for (let eid: Eid | undefined = removal.parent; eid !== undefined; eid = into.get(eid)?.parent) before.add(eid)
    const isElsewhere = (eid: Eid | undefined): boolean => eid !== undefined && into.has(eid) && !before.has(eid)
    seen.set(removal.child, new Set(members.filter((memberId) => !isElsewhere(places.get(memberId)))))
  }
  return removals.length === 0 || removerOf(choose({ ...tree, seen }, standings)) !== null
}
