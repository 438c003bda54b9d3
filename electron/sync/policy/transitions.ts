import type { InvitationId, MemberId } from '../../../shared/domain/ids.ts'
import type { Role } from '../../../shared/domain/models.ts'
import { AppError } from '../../kernel/errors.ts'
import { settingsLimits } from './settings.ts'
import type { Admission, ChannelSettings, InvitationSettings, SpaceSettings } from './settings.ts'

/** What a person may want of a space. Each gives the settings after it, or throws `AppError` in words; none looks at roles. */

/** Every change but an admission clears the newest admission: it speaks of one commit only. */
const base = (settings: SpaceSettings): SpaceSettings => ({ ...settings, admission: null })

export function withChannel(settings: SpaceSettings, channel: ChannelSettings): SpaceSettings {
  if (settings.channels.length >= settingsLimits.channels) {
    throw new AppError('too-large', `A space holds at most ${settingsLimits.channels} channels.`)
  }
  const same = (name: string) => name.toLocaleLowerCase() === channel.name.toLocaleLowerCase()
  if (settings.channels.some((c) => same(c.name))) throw new AppError('invalid', 'This space has a channel of that name already.')
  return { ...base(settings), channels: [...settings.channels, channel] }
}

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
