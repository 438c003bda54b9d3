import type { MemberId } from '../../../shared/domain/ids.ts'
import type { HistoryPolicy } from '../../../shared/domain/models.ts'
import { equalBytes } from '../../kernel/bytes.ts'
import { AppError } from '../../kernel/errors.ts'
import type { CommitRequest } from '../../crypto/mls/group-engine.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { plainData } from '../group/change-group.ts'
import { roleChangeOf } from '../members/role-change.ts'
import { encodeLeaveData } from '../members/leave-claim.ts'
import { leavingOf, partingOf, removalOf } from '../members/removal.ts'
import { isKeptOut } from '../members/removed.ts'
import type { Removal } from '../members/removal.ts'
import { standingOf } from '../members/standing.ts'
import { verifyClaim } from '../invitations/keys.ts'
import { encodeSettings } from '../policy/settings.ts'
import type { SpaceSettings } from '../policy/settings.ts'
import {
  invitationProblem,
  withAdmission,
  withChannel,
  withChannelName,
  withHistory,
  withInvitation,
  withMembers,
  withName,
  withoutInvitation,
} from '../policy/transitions.ts'
import { encodeReturnData, verifyReturn } from '../returning/claim.ts'
import type { Intent } from './intent.ts'
import { hasLeft, isOlderLeafIn, isStillIn } from './left-claims.ts'

/** What is left to do for an intent in the group as it is now. Null: nothing, it is done. */
export type Plan = CommitRequest | null

type Of<K extends Intent['kind']> = Extract<Intent, { kind: K }>

/**
 * Judges an intent by the group's newest state, be it new or one whose commit was lost. Changes nothing. Call inside
 * `exclusive`. Throws `AppError` in words where it cannot, or may not, be done any more.
 */
export async function planIntent(group: LiveGroup, intent: Intent): Promise<Plan> {
  const { settings } = group.tip
  switch (intent.kind) {
    case 'create-channel':
      if (settings.channels.some((c) => c.channelId === intent.channel.channelId)) return null
      return toSettings(group, withChannel(settings, intent.channel))
    case 'invite':
      if (settings.invitations.some((i) => i.invitationId === intent.invitation.invitationId)) return null
      return toSettings(group, withInvitation(settings, intent.invitation, group.deps.clock.now()))
    case 'revoke':
      if (settings.invitations.find((i) => i.invitationId === intent.invitationId)?.revoked === true) return null
      return toSettings(group, withoutInvitation(settings, intent.invitationId))
    case 'admit':
      return planAdmission(group, intent)
    case 'readmit':
      return planReturn(group, intent)
    case 'remove':
      return isMember(group, intent.memberId) ? planRemoval(group, intent.memberId) : null
    case 'part':
      if (!isMember(group, intent.memberId)) return null
      return toGo(partingOf(standingOf(group), intent.memberId), plainData(group))
    case 'add': {
      const missing = intent.newcomers.filter(({ memberId }) => !settings.roles.has(memberId))
      if (missing.length === 0) return null
      const after = withMembers(
        settings,
        missing.map(({ memberId }) => memberId),
      )
      return toSettings(
        group,
        after,
        missing.map(({ keyPackage }) => keyPackage),
      )
    }
    case 'see-off': {
      const { memberId, leafKey, signature } = intent.request
      if (isStillIn(group, intent.request))
        return toGo(leavingOf(standingOf(group), memberId), encodeLeaveData(group.tip.row.tip, leafKey, signature))
      // What they signed speaks of the leaf that came after: nobody here could check it, so it is for who may remove them.
      return isOlderLeafIn(group, intent.request) ? planRemoval(group, memberId) : null
    }
    case 'set-role':
      if (settings.roles.get(intent.memberId) === intent.role) return null
      return toSettings(group, roleChangeOf(settings, { by: group.self, whom: intent.memberId, role: intent.role }))
    case 'rename':
      return settings.name === intent.name ? null : toSettings(group, withName(settings, intent.name))
    case 'rename-channel':
      if (settings.channels.some((c) => c.channelId === intent.channelId && c.name === intent.name)) return null
      return toSettings(group, withChannelName(settings, intent.channelId, intent.name))
    case 'set-history':
      return isSameHistory(settings.history, intent.history) ? null : toSettings(group, withHistory(settings, intent.history))
  }
}

const isMember = (group: LiveGroup, memberId: MemberId): boolean => group.members().some((m) => m.memberId === memberId)

const planRemoval = (group: LiveGroup, whom: MemberId): CommitRequest =>
  toGo(removalOf(standingOf(group), { by: group.self, whom }), plainData(group))

const toGo = ({ settings, removeLeaves }: Removal, authenticatedData: Uint8Array): CommitRequest => ({
  removeLeaves,
  settings: encodeSettings(settings),
  authenticatedData,
})

const isSameHistory = (a: HistoryPolicy, b: HistoryPolicy): boolean =>
  a.kind === b.kind && (a.kind === 'last' ? a.count : 0) === (b.kind === 'last' ? b.count : 0)

const toSettings = (group: LiveGroup, settings: SpaceSettings, add: readonly Uint8Array[] = []): CommitRequest => ({
  add,
  settings: encodeSettings(settings),
  authenticatedData: plainData(group),
})

async function planAdmission(group: LiveGroup, { request, at, tries }: Of<'admit'>): Promise<Plan> {
  const { engine } = group.deps
  const { settings } = group.tip
  const { invitationId, requestId, keyPackages, signature } = request
  const keyPackage = keyPackages[Math.min(tries, keyPackages.length - 1)]
  const newcomer = keyPackage && (await engine.readKeyPackage(group.groupId, keyPackage))
  if (keyPackage === undefined || newcomer?.ok !== true)
    throw new AppError('invitation-malformed', 'A newcomer asked with keys that do not hold.')
  const { memberId, deviceId } = newcomer.value
  if (settings.roles.has(memberId)) return null
  const invitation = settings.invitations.find((i) => i.invitationId === invitationId)
  const claim = { groupId: group.groupId, invitationId, requestId, memberId, deviceId }
  if (invitation === undefined || !verifyClaim(invitation.publicKey, claim, signature))
    throw new AppError('invitation-malformed', 'A newcomer asked with an invitation that this space does not know.')
  const problem = invitationProblem(invitation, at)
  if (isKeptOut(group, memberId, invitationId))
    throw new AppError('not-permitted', 'A newcomer was removed before it could be let in again.')
  if (hasLeft(group, { memberId, leafKey: newcomer.value.signatureKey }))
    throw new AppError('not-permitted', 'A newcomer left before it could be let in again.')
  if (problem !== null) throw new AppError(problem, 'The invitation that a newcomer used lets nobody in any more.')
  return toSettings(group, withAdmission(settings, { invitationId, requestId, memberId, at, signature }), [keyPackage])
}

async function planReturn(group: LiveGroup, { request }: Of<'readmit'>): Promise<Plan> {
  const { engine } = group.deps
  const { groupId, tip } = group
  const { leafKey, keyPackage, signature } = request
  const offered = await engine.readKeyPackage(engine.scope(tip.state), keyPackage)
  const leaf = offered.ok && group.members().find((m) => m.memberId === offered.value.memberId && m.deviceId === offered.value.deviceId)
  if (!offered.ok || leaf === undefined || leaf === false)
    throw new AppError('not-found', 'A device that wanted to return is a member no more.')
  const { signatureKey, reference } = offered.value
  const held = engine.leafKey(tip.state, leaf.leafIndex)
  if (held !== null && equalBytes(held, signatureKey)) return null
  // It has another leaf than the one that is to go: whatever gave it that one was the later wish.
  if (held === null || !equalBytes(held, leafKey) || !verifyReturn(signatureKey, { groupId, leafKey, reference }, signature))
    throw new AppError('invalid', 'A device that wanted to return did so by another way.')
  return { add: [keyPackage], removeLeaves: [leaf.leafIndex], authenticatedData: encodeReturnData(tip.row.tip, signature) }
}
