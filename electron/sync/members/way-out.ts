import type { ObjectId } from '../../../shared/domain/ids.ts'
import type { CommitRow } from '../../ports/branch-store.ts'
import { withoutUs } from '../group/edge.ts'
import { pathTo } from '../group/epoch-store.ts'
import type { LiveGroup } from '../group/live-group.ts'

/**
 * The commits by which this device is out, each after those that led to it from where this device was: it may have been on another
 * branch, and whoever was there with it knows none of them. Then those of that branch, its own among them: whoever is with those who removed
 * it may know none of these, and nobody else who does may be left, though somebody was let go by one of them.
 */
export function wayOut({ groupId, tip, deps: { store } }: LiveGroup): ObjectId[] {
  const path = pathTo(store, groupId, tip.row.tip).map(({ eid }) => eid)
  const commits = store.commits.of(groupId)
  const into = new Map(commits.map((commit) => [commit.child, commit]))
  const way = new Set<ObjectId>()
  let parted = 0
  for (const removal of commits.filter(({ objectId, child }) => child === withoutUs(objectId))) {
    const steps: CommitRow[] = []
    for (let at = into.get(removal.child); at !== undefined; at = path.includes(at.parent) ? undefined : into.get(at.parent)) {
      if (steps.includes(at)) break
      steps.unshift(at)
    }
    for (const { objectId } of steps) way.add(objectId)
    parted = Math.max(parted, path.indexOf(steps[0]?.parent ?? tip.row.tip))
  }
  for (const eid of path.slice(0, parted).toReversed()) {
    const led = into.get(eid)
    if (led !== undefined) way.add(led.objectId)
  }
  return [...way]
}
