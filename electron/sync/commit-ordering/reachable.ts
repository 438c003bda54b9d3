import type { Eid, ObjectId } from '../../../shared/domain/ids.ts'
import type { CommitNode, CommitTree } from './commit-tree.ts'

/** The commits on each epoch that hang on the root, by the epoch they lead to, the lowest first. An epoch stands after its parent. */
export type Reachable = ReadonlyMap<Eid, readonly CommitNode[]>

/**
 * C1. Walks from the root, layer by layer, so that what hangs on nothing has no say, and makes a tree of whatever it is given:
 * a commit to an epoch that was reached before (a circle, a second way) is passed over, so is an object that was met before
 * (a duplicate), and of one layer's commits to one epoch the lowest object is taken. The order is that of the epochs: one commit may be
 * several objects (T9), of which others have others, and the epoch it leads to is one.
 */
export function reachable({ root, commits }: CommitTree): Reachable {
  const following = new Map<Eid, Keyed[]>()
  for (const commit of commits) {
    const siblings = following.get(commit.parent) ?? []
    following.set(commit.parent, siblings)
    siblings.push({ commit, key: keyOf(commit) })
  }
  const reached = new Map<Eid, CommitNode[]>([[root, []]])
  const met = new Set<ObjectId>()
  for (let layer: Eid[] = [root]; layer.length > 0;) {
    const next: Eid[] = []
    for (const { commit } of layer.flatMap((eid) => following.get(eid) ?? []).sort(byKey)) {
      if (reached.has(commit.child) || met.has(commit.objectId)) continue
      met.add(commit.objectId)
      reached.set(commit.child, [])
      reached.get(commit.parent)?.push(commit)
      next.push(commit.child)
    }
    layer = next
  }
  return reached
}

interface Keyed {
  commit: CommitNode
  key: string
}

/** By where it leads, then by the object; by everything else where the same object is said to be two commits, so that no order of the input shows. */
const keyOf = ({ objectId, parent, child, author, authorLeaf, removes }: CommitNode): string =>
  JSON.stringify([child, objectId, parent, author, authorLeaf, removes])

const byKey = (a: Keyed, b: Keyed): number => (a.key < b.key ? -1 : 1)
