import type { Eid, MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import type { CommitNode, CommitTree, Standing } from './commit-tree.ts'
export interface Choice { tip: Eid; path: readonly CommitNode[]; equivocations: readonly { author: MemberId; authorLeaf: number; parent: Eid; objects: readonly ObjectId[] }[] }
export function forkPoints(tree: CommitTree): Eid[] {
  const parents = tree.commits.map((c) => c.parent)
  return [...new Set(parents.filter((p, i) => parents.indexOf(p) !== i))]
}
export function choose(tree: CommitTree, standings: ReadonlyMap<Eid, ReadonlyMap<MemberId, Standing>>): Choice {
  const path: CommitNode[] = []
  let tip = tree.root
  for (;;) {
    const k = tree.commits.filter((c) => c.parent === tip)
    if (k.length === 0) return { tip, path, equivocations: [] }
    const st = standings.get(tip)
    const weigh = (c: CommitNode): number => {
      const members = new Set<MemberId>()
      const walk = (n: CommitNode): void => { members.add(n.author); for (const m of tree.seen.get(n.child) ?? []) members.add(m); for (const d of tree.commits.filter((x) => x.parent === n.child)) walk(d) }
      walk(c)
      return [...members].filter((m) => st?.has(m) ?? true).length
    }
    const kept = k.filter((c) => !k.some((o) => o.removes.includes(c.author)))
    const best = (kept.length > 0 ? kept : k).toSorted((a, b) => weigh(b) - weigh(a) || Buffer.compare(st?.get(a.author)?.rank ?? Buffer.alloc(0), st?.get(b.author)?.rank ?? Buffer.alloc(0)) || (a.objectId < b.objectId ? -1 : 1))[0]
    if (best === undefined) return { tip, path, equivocations: [] }
    path.push(best)
    tip = best.child
  }
}
