import type { Eid, InvitationId, MemberId } from '../../../shared/domain/ids.ts'
import type { CommitRow } from '../../ports/branch-store.ts'
import { readState } from '../group/epoch-store.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { decodeSettings } from '../policy/settings.ts'

/**
 * The commits by which somebody is out: removed, or gone by their own will. One that led to where the group is; and any that is not followed,
 * for whoever was told that it is out, and whoever made it is to do it again. Not where that one is out itself: then it may have fallen
 * (SPEC.md C6). Somebody whose commit lost was removed by nobody.
 */
export function removalsOf(group: LiveGroup, memberId: MemberId): CommitRow[] {
  const members = new Set(group.members().map((m) => m.memberId))
  const followed = removalOf(group, memberId)
  const others = group.deps.store.commits
    .of(group.groupId)
    .filter(({ author, removes }) => removes.includes(memberId) && members.has(author))
  return followed === null ? others : [followed, ...others]
}

/**
 * SPEC.md R8: whether somebody who is out does not come back by that invitation. By one that was there when they went nobody does, so that a
 * removal holds; one that was made since is somebody's wish to have them back.
 */
export function isKeptOut(group: LiveGroup, memberId: MemberId, invitationId: InvitationId): boolean {
  return removalsOf(group, memberId).some(({ parent }) => invitationsIn(group, parent).includes(invitationId))
}

/** None where that epoch cannot be read any more: then the removal is older than any fork, and what it ended is ended. */
function invitationsIn({ groupId, deps: { store, engine } }: LiveGroup, eid: Eid): InvitationId[] {
  const stored = readState(store, engine, groupId, eid)
  const settings = stored && decodeSettings(engine.settings(stored.state))
  return (settings?.invitations ?? []).map(({ invitationId }) => invitationId)
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
