import type { Eid, MemberId } from '../../../shared/domain/ids.ts'
import { choose } from '../commit-ordering/choose.ts'
import type { Choice } from '../commit-ordering/choose.ts'
import type { CommitNode, CommitTree, Standings } from '../commit-ordering/commit-tree.ts'
import { reachable } from '../commit-ordering/reachable.ts'
import { withoutUs } from '../group/edge.ts'

const isWithoutUs = ({ objectId, child }: CommitNode): boolean => child === withoutUs(objectId)

/** Who removed this device, where that is what all follow. */
export function removerOf({ path }: Choice): MemberId | null {
  const last = path.at(-1)
  return last !== undefined && isWithoutUs(last) ? last.author : null
}

/**
 * SPEC.md T8. Whether a device that was removed stays out. Who follows the removal cannot be seen here, so all are taken to do so: no
 * weight of another branch counts against it, only that it fell because its author was removed itself (C6). Nor does it count that the
 * removal is known no more, being beyond the horizon.
 */
export function staysOut(tree: CommitTree, standings: ReadonlyMap<Eid, Standings>): boolean {
  const removals = [...reachable(tree).values()].flat().filter(isWithoutUs)
  const everybody = new Set([...standings.values()].flatMap((members) => [...members.keys()]))
  const seen = new Map([...tree.seen, ...removals.map(({ child }) => [child, everybody] as const)])
  return removals.length === 0 || removerOf(choose({ ...tree, seen }, standings)) !== null
}
