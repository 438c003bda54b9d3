import type { ObjectId } from '../../../shared/domain/ids.ts'
import { withoutUs } from '../group/edge.ts'
import { pathTo } from '../group/epoch-store.ts'
import type { LiveGroup } from '../group/live-group.ts'

/**
 * The commits by which this device is out, each after those that led to it from where this device was: it may have been on another
 * branch, and whoever was there with it knows none of them.
 */
export function wayOut({ groupId, tip, deps: { store } }: LiveGroup): ObjectId[] {
  const path = new Set(pathTo(store, groupId, tip.row.tip).map(({ eid }) => eid))
  const commits = store.commits.of(groupId)
  const into = new Map(commits.map((commit) => [commit.child, commit]))
  const way = new Set<ObjectId>()
  for (const removal of commits.filter(({ objectId, child }) => child === withoutUs(objectId))) {
    const steps: ObjectId[] = []
    for (let at = into.get(removal.child); at !== undefined; at = path.has(at.parent) ? undefined : into.get(at.parent)) {
      if (steps.includes(at.objectId)) break
      steps.unshift(at.objectId)
    }
    for (const objectId of steps) way.add(objectId)
  }
  return [...way]
}
