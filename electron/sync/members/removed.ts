import type { Eid, MemberId } from '../../../shared/domain/ids.ts'
import type { LiveGroup } from '../group/live-group.ts'

/**
 * Whether somebody was removed, or left, by a commit that led to where the group is. Such a member does not come back by the
 * invitation it once came by; one whose commit lost was removed by nobody, and does.
 */
export function wasRemoved({ deps: { store }, groupId, tip }: LiveGroup, memberId: MemberId): boolean {
  const passed = new Set<Eid>()
  for (let eid = tip.row.tip; !passed.has(eid);) {
    passed.add(eid)
    const commit = store.commits.into(groupId, eid)
    if (commit === null) return false
    if (commit.removes.includes(memberId)) return true
    eid = commit.parent
  }
  return false
}
