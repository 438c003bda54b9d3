import type { GroupId, MemberId } from '../../../shared/domain/ids.ts'
import type { Role } from '../../../shared/domain/models.ts'
import { equalBytes } from '../../kernel/bytes.ts'
import { toCbor } from '../../kernel/cbor.ts'
import type { Authorise, ProposedChange } from '../../crypto/mls/group-engine.ts'
import { verifyClaim } from '../invitations/keys.ts'
import { isReturn, returnProblem } from '../returning/claim.ts'
import { may, mayGrant, outranks } from './roles.ts'
import { decodeSettings } from './settings.ts'
import type { InvitationSettings, SpaceSettings } from './settings.ts'
import { invitationProblem } from './transitions.ts'

interface Case {
  groupId: GroupId
  change: ProposedChange
  before: SpaceSettings
  after: SpaceSettings
  role: Role
}

/**
 * Whether the author of a commit may do what it does, judged by the state before it alone, so that every member
 * comes to the same answer whenever the commit arrives. No clock is read here.
 */
export function authorise(groupId: GroupId): Authorise {
  return (change) => {
    const before = decodeSettings(change.settingsBefore)
    const after = decodeSettings(change.settingsAfter)
    if (before === null || after === null) return 'settings-malformed'
    const role = before.roles.get(change.author.memberId)
    if (role === undefined) return 'author-without-role'
    if (isReturn(change)) return returning(groupId, change)
    const subject: Case = { groupId, change, before, after, role }
    return rules.map((rule) => rule(subject)).find((verdict) => verdict !== null) ?? null
  }
}

/** A member's device gets a fresh leaf: any member may see to that, but to nothing else in the same commit. */
const returning = (groupId: GroupId, change: ProposedChange): string | null =>
  equalBytes(change.settingsBefore, change.settingsAfter) ? returnProblem(groupId, change) : 'return-with-other-changes'

type Rule = (subject: Case) => string | null

const fixed: Rule = ({ before, after, change }) => {
  if (before.createdAt !== after.createdAt) return 'creation-changed'
  if (change.removed.length === 0 && !equalBytes(before.presenceKey, after.presenceKey)) return 'presence-key-changed'
  return null
}

const naming: Rule = ({ before, after, role }) => (before.name === after.name || may(role, 'manageSpace') ? null : 'may-not-rename')

const channels: Rule = ({ before, after, role }) =>
  may(role, 'manageChannels') || equalBytes(toCbor(before.channels), toCbor(after.channels)) ? null : 'may-not-manage-channels'

/** One newcomer a commit, let in by an invitation whose holder signed for exactly this member. */
const admission: Rule = ({ groupId, change, before, after, role }) => {
  const [newcomer, ...more] = change.added
  if (newcomer === undefined) return after.admission === null || sameAdmission(before, after) ? null : 'admission-of-nobody'
  if (more.length > 0) return 'more-than-one-newcomer'
  if (!may(role, 'invite')) return 'may-not-admit'
  if (after.admission === null || after.admission.memberId !== newcomer.memberId) return 'admission-missing'
  if (before.roles.has(newcomer.memberId)) return 'member-already'
  const { invitationId, requestId, at, signature } = after.admission
  const invitation = before.invitations.find((i) => i.invitationId === invitationId)
  if (invitation === undefined) return 'invitation-unknown'
  const problem = invitationProblem(invitation, at)
  if (problem !== null) return problem
  const claim = { groupId, invitationId, requestId, memberId: newcomer.memberId, deviceId: newcomer.deviceId }
  return verifyClaim(invitation.publicKey, claim, signature) ? null : 'admission-signature'
}

const sameAdmission = (before: SpaceSettings, after: SpaceSettings): boolean =>
  equalBytes(toCbor(before.admission), toCbor(after.admission))

const removals: Rule = ({ change, before, after, role }) => {
  for (const gone of change.removed) {
    const theirs = before.roles.get(gone.memberId) ?? 'guest'
    if (!may(role, 'remove') || !outranks(role, theirs)) return 'may-not-remove'
    if (after.roles.has(gone.memberId)) return 'removed-keeps-role'
  }
  if (change.removed.length > 0 && equalBytes(before.presenceKey, after.presenceKey)) return 'presence-key-kept'
  return null
}

/** Roles follow membership: the newcomer's is the invitation's, the removed lose theirs, nobody else's changes here. */
const roles: Rule = ({ change, before, after }) => {
  const expected = new Map<MemberId, Role>(before.roles)
  for (const gone of change.removed) expected.delete(gone.memberId)
  const invitation = before.invitations.find((i) => i.invitationId === after.admission?.invitationId)
  for (const newcomer of change.added) if (invitation !== undefined) expected.set(newcomer.memberId, invitation.role)
  const same = expected.size === after.roles.size && [...expected].every(([memberId, r]) => after.roles.get(memberId) === r)
  return same ? null : 'roles-changed'
}

const invitations: Rule = (subject) => {
  const { before, after } = subject
  const old = new Map(before.invitations.map((i) => [i.invitationId, i]))
  for (const invitation of after.invitations) {
    const was = old.get(invitation.invitationId)
    old.delete(invitation.invitationId)
    const verdict = was === undefined ? mayMake(subject, invitation) : mayChange(subject, was, invitation)
    if (verdict !== null) return verdict
  }
  // What is left was dropped: anybody may drop what admits nobody any more (no clock: revoked or used up), else who may revoke it.
  for (const dropped of old.values())
    if (!mayRevoke(subject, dropped) && invitationProblem(dropped, 0) === null) return 'may-not-drop-invitation'
  return null
}

const mayMake = ({ role, change }: Case, invitation: InvitationSettings): string | null => {
  if (!may(role, 'invite') || !mayGrant(role, invitation.role)) return 'may-not-invite'
  if (invitation.createdBy !== change.author.memberId) return 'invitation-in-anothers-name'
  return invitation.uses === 0 && !invitation.revoked ? null : 'invitation-not-fresh'
}

const mayRevoke = ({ role, change }: Case, invitation: InvitationSettings): boolean =>
  invitation.createdBy === change.author.memberId || may(role, 'manageRoles')

function mayChange(subject: Case, was: InvitationSettings, is: InvitationSettings): string | null {
  const used = subject.change.added.length > 0 && subject.after.admission?.invitationId === was.invitationId
  if (is.uses !== was.uses + (used ? 1 : 0)) return 'invitation-uses'
  if (is.revoked !== was.revoked && !(is.revoked && mayRevoke(subject, was))) return 'may-not-revoke'
  const rest = (i: InvitationSettings) => toCbor([i.publicKey, i.role, i.createdBy, i.expiresAt, i.maxUses])
  return equalBytes(rest(was), rest(is)) ? null : 'invitation-changed'
}

const rules: readonly Rule[] = [fixed, naming, channels, admission, removals, roles, invitations]
