import type { ChannelId, InvitationId, MemberId } from '../../../shared/domain/ids.ts'
import type { HistoryPolicy, Role } from '../../../shared/domain/models.ts'
import { limits } from '../../../shared/ipc/limits.ts'
import { AppError } from '../../kernel/errors.ts'
import { withPresenceKey } from './recognition-key.ts'
import { may, mayGrant, seniorityOf } from './roles.ts'
import { settingsLimits } from './settings.ts'
import type { Admission, ChannelSettings, InvitationSettings, SpaceSettings } from './settings.ts'

/** What a person may want of a space. Each gives the settings after it, or throws `AppError` in words; none looks at roles. */

/** Every change but an admission clears the newest admission: it speaks of one commit only. */
const base = (settings: SpaceSettings): SpaceSettings => ({ ...settings, admission: null })

export function withChannel(settings: SpaceSettings, channel: ChannelSettings): SpaceSettings {
  if (settings.channels.length >= settingsLimits.channels) {
    throw new AppError('too-large', `A space holds at most ${settingsLimits.channels} channels.`)
  }
  demandFreeName(settings, channel)
  return { ...base(settings), channels: [...settings.channels, channel] }
}

export function withChannelName(settings: SpaceSettings, channelId: ChannelId, name: string): SpaceSettings {
  if (!settings.channels.some((c) => c.channelId === channelId)) throw new AppError('not-found', 'There is no such channel.')
  demandFreeName(settings, { channelId, name })
  return { ...base(settings), channels: settings.channels.map((c) => (c.channelId === channelId ? { ...c, name } : c)) }
}

/** What people take for one letter is not cut in two. */
const letters = new Intl.Segmenter('en')

/** What `withFreeName` gives. */
const NUMBERED = /^(.+) \((\d{1,3})\)$/

type Named = Pick<ChannelSettings, 'channelId' | 'name'>

function demandFreeName(settings: SpaceSettings, channel: Named): void {
  if (isTaken(settings, channel)) throw new AppError('invalid', 'This space has a channel of that name already.')
}

const isTaken = ({ channels }: SpaceSettings, { channelId, name }: Named): boolean =>
  channels.some((c) => c.channelId !== channelId && c.name.toLocaleLowerCase() === name.toLocaleLowerCase())

/**
 * The channel as it is made again where another one has its name by now: `films (2)`, and `films (3)` where that lost, too. What was said in
 * it is to have a place.
 */
export function withFreeName<C extends Named>(settings: SpaceSettings, channel: C): C {
  const [, base = channel.name, counted = '1'] = NUMBERED.exec(channel.name) ?? []
  let free = channel
  for (let nth = Number(counted) + 1; isTaken(settings, free); nth += 1) {
    const mark = ` (${nth})`
    const kept = Array.from(letters.segment(base), ({ segment }) => segment)
    while (kept.join('').length + mark.length > limits.name) kept.pop()
    free = { ...channel, name: `${kept.join('').trimEnd()}${mark}` }
  }
  return free
}

export const withName = (settings: SpaceSettings, name: string): SpaceSettings => ({ ...base(settings), name })

export const withHistory = (settings: SpaceSettings, history: HistoryPolicy): SpaceSettings => ({ ...base(settings), history })

/** Somebody has another role. What they invited to and could not invite to any more ends with it. */
export function withRole(settings: SpaceSettings, memberId: MemberId, role: Role): SpaceSettings {
  if (!settings.roles.has(memberId)) throw new AppError('not-found', 'There is no such member.')
  const after = { ...base(settings), roles: new Map(settings.roles).set(memberId, role) }
  return { ...after, invitations: settings.invitations.map((i) => (outlivesRole(after, i) ? { ...i, revoked: true } : i)) }
}

/** Somebody is no member any more: without role, nobody comes in by their invitations, and the presence key is another. */
export function withoutMember(settings: SpaceSettings, memberId: MemberId, presenceKey: Uint8Array): SpaceSettings {
  const roles = new Map(settings.roles)
  roles.delete(memberId)
  const invitations = settings.invitations.map((i) => (i.createdBy === memberId ? { ...i, revoked: true } : i))
  return withHeir({ ...base(settings), roles, invitations, ...withPresenceKey(settings, presenceKey) })
}

/** Whether more than one person comes in by it: then whoever was a member knows it, or came by it, and could come by it again. */
export const isShared = ({ maxUses }: Pick<InvitationSettings, 'maxUses'>): boolean => maxUses !== 1

/** Somebody was removed, and did not go by their own will: no link that they may know lets them in again. */
export function withoutRemoved(settings: SpaceSettings, memberId: MemberId, presenceKey: Uint8Array): SpaceSettings {
  const after = withoutMember(settings, memberId, presenceKey)
  return { ...after, invitations: after.invitations.map((i) => (isShared(i) ? { ...i, revoked: true } : i)) }
}

/**
 * A space keeps its last owner. Under a space nobody can be held: whoever leaves the space, or is removed from it, leaves what is under
 * it. Then the most senior of those who stay is owner, of equals the one with the lowest id.
 */
function withHeir(settings: SpaceSettings): SpaceSettings {
  if (settings.kind === 'space' || !lacksOwner(settings)) return settings
  const [heir] = [...settings.roles].sort(([a, roleA], [b, roleB]) => seniorityOf(roleB) - seniorityOf(roleA) || (a < b ? -1 : 1))
  return heir === undefined ? settings : { ...settings, roles: new Map(settings.roles).set(heir[0], 'owner') }
}

/** Members of the space that come into a private channel or a direct message, which two have with equal rights. */
export function withMembers(settings: SpaceSettings, members: readonly MemberId[]): SpaceSettings {
  const roles = new Map(settings.roles)
  for (const memberId of members) roles.set(memberId, settings.kind === 'direct' ? 'owner' : 'member')
  return { ...base(settings), roles }
}

/** Whether an invitation gives more than whoever made it may give, by the roles of these settings. */
export function outlivesRole({ roles }: Pick<SpaceSettings, 'roles'>, { createdBy, role }: InvitationSettings): boolean {
  const theirs = roles.get(createdBy)
  return theirs !== undefined && !(may(theirs, 'invite') && mayGrant(theirs, role))
}

/** Whether a space would be without an owner while somebody is in it. */
export const lacksOwner = ({ roles }: Pick<SpaceSettings, 'roles'>): boolean => roles.size > 0 && ![...roles.values()].includes('owner')

/** Makes room, when there is none left, by dropping invitations that its author may drop and that admit nobody any more. */
export function withInvitation(settings: SpaceSettings, invitation: InvitationSettings, now: number): SpaceSettings {
  const full = settings.invitations.length >= settingsLimits.invitations
  const ended = (i: InvitationSettings) => invitationProblem(i, i.createdBy === invitation.createdBy ? now : 0) !== null
  const kept = full ? settings.invitations.filter((i) => !ended(i)) : settings.invitations
  if (kept.length >= settingsLimits.invitations) {
    throw new AppError('too-large', `A space holds at most ${settingsLimits.invitations} open invitations. Revoke one first.`)
  }
  return { ...base(settings), invitations: [...kept, invitation] }
}

export function withoutInvitation(settings: SpaceSettings, invitationId: InvitationId): SpaceSettings {
  if (!settings.invitations.some((i) => i.invitationId === invitationId)) throw new AppError('not-found', 'There is no such invitation.')
  return {
    ...base(settings),
    invitations: settings.invitations.map((i) => (i.invitationId === invitationId ? { ...i, revoked: true } : i)),
  }
}

export function withAdmission(settings: SpaceSettings, admission: Admission): SpaceSettings {
  const invitation = settings.invitations.find((i) => i.invitationId === admission.invitationId)
  if (invitation === undefined) throw new AppError('not-found', 'There is no such invitation.')
  return {
    ...settings,
    roles: new Map<MemberId, Role>(settings.roles).set(admission.memberId, invitation.role),
    invitations: settings.invitations.map((i) => (i === invitation ? { ...i, uses: i.uses + 1 } : i)),
    admission,
  }
}

/** Why an invitation admits nobody any more; null while it does. */
export function invitationProblem(
  invitation: InvitationSettings,
  at: number,
): 'invitation-revoked' | 'invitation-expired' | 'invitation-used-up' | null {
  if (invitation.revoked) return 'invitation-revoked'
  if (at > invitation.expiresAt) return 'invitation-expired'
  if (invitation.maxUses !== null && invitation.uses >= invitation.maxUses) return 'invitation-used-up'
  return null
}
