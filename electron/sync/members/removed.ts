import type { Eid, MemberId } from '../../../shared/domain/ids.ts'
import type { CommitRow } from '../../ports/branch-store.ts'
import type { LiveGroup } from '../group/live-group.ts'

/**
 * Whether somebody was removed, or left, by a commit that led to where the group is. Such a member does not come back by the
 * invitation it once came by; one whose commit lost was removed by nobody, and does.
 */
export const wasRemoved = (group: LiveGroup, memberId: MemberId): boolean => removalOf(group, memberId) !== null

/** The same of any commit that is known, followed or not. */
export const wasRemovedAnywhere = ({ deps: { store }, groupId }: LiveGroup, memberId: MemberId): boolean =>
  store.commits.of(groupId).some(({ removes }) => removes.includes(memberId))

/** The newest such commit. */
export function removalOf({ deps: { store }, groupId, tip }: LiveGroup, memberId: MemberId): CommitRow | null {
  const passed = new Set<Eid>()
  for (let eid = tip.row.tip; !passed.has(eid);) {
    passed.add(eid)
    const commit = store.commits.into(groupId, eid)
    if (commit === null) return null
    if (commit.removes.includes(memberId)) return commit
    eid = commit.parent
  }
  return null
}

/** Who removed this very device, on whatever branch, newest first; null where nobody is known to have. */
export const removerHere = ({ deps: { store }, groupId, self }: LiveGroup): MemberId | null =>
  store.commits.of(groupId).findLast(({ author, removes }) => author !== self && removes.includes(self))?.author ?? null
