import { pathTo } from '../../../sync/group/epoch-store.ts'
import { KEPT_EPOCHS } from '../../../sync/group/group-deps.ts'
import { violation } from '../violation.ts'
import type { Violation } from '../violation.ts'
import type { World } from '../world.ts'

/**
 * Invariant 11, as far as a store in memory can show it: no secrets of an epoch beyond the horizon (SPEC.md T7), nothing that says of an epoch
 * which is kept no more what came of it, and nothing at all of a group that is gone. That none of it is left in a file is held by
 * `storage/forgetting.test.ts`. Those aside go with the next change of the epoch, and are not counted before.
 */
export function horizon({ groupId, members }: World): Violation[] {
  return members.flatMap(({ name, hostile, store }) => {
    if (hostile) return []
    const row = store.groups.get(groupId)
    const kept = new Set(store.mls.epochs(groupId).map(({ eid }) => eid))
    const found: Violation[] = []
    if (row === null && kept.size > 0) found.push(violation(11, `${name} has keys of a group that is gone`))
    const path = row === null ? [] : pathTo(store, groupId, row.tip)
    if (path.length > KEPT_EPOCHS.atMost + 1) found.push(violation(11, `${name} has the keys of ${path.length} epochs one after another`))
    // Who came in by a commit has it, and never had the epoch that it leads out of.
    if (store.commits.of(groupId).some(({ parent, child }) => !kept.has(parent) && !kept.has(child)))
      found.push(violation(11, `${name} keeps a commit between epochs that it keeps no more`))
    if (store.witnesses.of(groupId).some(({ eid }) => !kept.has(eid)))
      found.push(violation(11, `${name} keeps who was seen in an epoch that it keeps no more`))
    return found
  })
}
