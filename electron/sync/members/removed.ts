import type { Eid, MemberId } from '../../../shared/domain/ids.ts'
import type { CommitRow } from '../../ports/branch-store.ts'
import type { LiveGroup } from '../group/live-group.ts'

/**
 * Whether somebody was removed, or left, by a commit that led to where the group is. Such a member does not come back by the
 * invitation it once came by; one whose commit lost was removed by nobody, and does.
 */
export const wasRemoved = (group: LiveGroup, memberId: MemberId): boolean => removalOf(group, memberId) !== null

/**
 * The same, also by a commit that is not followed: it was told that it is out, and who made that is to do it again. Not where that one is out
 * itself: then it may have fallen (SPEC.md C6).
 */
export function isKeptOut(group: LiveGroup, memberId: MemberId): boolean {
  const members = new Set(group.members().map((m) => m.memberId))
  const commits = group.deps.store.commits.of(group.groupId)
  return wasRemoved(group, memberId) || commits.some(({ author, removes }) => removes.includes(memberId) && members.has(author))
}

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
