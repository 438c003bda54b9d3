import type { GroupId, MemberId } from '../../shared/domain/ids.ts'
import type { Role, SpaceStatus } from '../../shared/domain/models.ts'
import type { MemberRow, Repositories } from '../ports/store.ts'
import { readEnded } from '../sync/members/ended.ts'
import { leavingSince } from '../sync/members/leave-offer.ts'

export const UNKNOWN_NAME = 'Unknown member'

/** Where this profile stands in a group, as the tables say. */
export interface Standing {
  self: MemberId | null
  role: Role
  /** Those who are there, this profile included. */
  members: MemberRow[]
  /** Null for one that was left and is being deleted. */
  status: SpaceStatus | null
}

export function standingIn(store: Repositories, groupId: GroupId): Standing {
  const self = store.groups.get(groupId)?.selfMemberId ?? null
  const members = store.directory.members(groupId).filter((m) => m.active)
  return { self, role: members.find((m) => m.memberId === self)?.role ?? 'guest', members, status: statusOf(store, groupId) }
}

export function statusOf(store: Repositories, groupId: GroupId): SpaceStatus | null {
  const ended = readEnded(store, groupId)
  if (ended?.kind === 'left') return null
  // Who was removed before anybody heard that it leaves goes on leaving.
  const since = leavingSince(store, groupId)
  if (since !== null) return { kind: 'leaving', since }
  if (ended === null) return { kind: 'member' }
  return { kind: 'removed', at: ended.at, by: ended.by && (store.directory.member(groupId, ended.by)?.name ?? UNKNOWN_NAME) }
}
