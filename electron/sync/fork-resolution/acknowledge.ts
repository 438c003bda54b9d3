import type { LiveGroup } from '../group/live-group.ts'
import { standingsAt } from './read-tree.ts'

/** PROTOCOL.md: so many of an epoch's members are enough to show that it is followed. */
const ACKNOWLEDGERS = 16

/**
 * Says that this device follows the newest epoch, unless it was heard there already or others are enough: a branch that members
 * are known to follow is not displaced by one that somebody withheld.
 */
export function acknowledgeEpoch(group: LiveGroup): Promise<void> {
  return group.exclusive(async () => {
    const { store, engine } = group.deps
    const { groupId, self } = group
    const { tip, returning } = group.tip.row
    if (returning || isSeen(group)) return
    const standings = await standingsAt(store, engine, groupId, tip)
    if (standings === null || standings.size < 2) return
    const byRank = [...standings].sort(([, a], [, b]) => Buffer.compare(a.rank, b.rank))
    if (byRank.slice(0, ACKNOWLEDGERS).some(([memberId]) => memberId === self)) await group.acknowledge()
  })
}

/** Whoever made the commit that led here was seen by that. */
function isSeen({ deps: { store }, groupId, self, tip: { row } }: LiveGroup): boolean {
  if (store.commits.into(groupId, row.tip)?.author === self) return true
  return store.witnesses.of(groupId).some(({ eid, memberId }) => eid === row.tip && memberId === self)
}
