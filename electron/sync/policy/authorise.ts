import type { GroupId, MemberId } from '../../../shared/domain/ids.ts'
import type { Role } from '../../../shared/domain/models.ts'
import { equalBytes } from '../../kernel/bytes.ts'
import { toCbor } from '../../kernel/cbor.ts'
import type { Authorise, ProposedChange } from '../../crypto/mls/group-engine.ts'
import { verifyClaim } from '../invitations/keys.ts'
import { isLeave, leaveProblem } from '../members/leave-claim.ts'
import { isReturn, returnProblem } from '../returning/claim.ts'
import { rulesUnder } from './authorise-under.ts'
import { isOfGroup } from './channel-id.ts'
import { sameEarlierKeys } from './recognition-key.ts'
import { may, mayGrant, outranks, roleProblem } from './roles.ts'
import { decodeSettings, encodeSettings } from './settings.ts'
import type { InvitationSettings, SpaceSettings } from './settings.ts'
import { invitationProblem, isShared, lacksOwner, outlivesRole, withoutMember } from './transitions.ts'

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
    if ((before.kind === 'space') !== (change.parent === null)) return 'settings-of-another-kind'
    const role = before.roles.get(change.author.memberId)
    if (role === undefined) return 'author-without-role'
    if (isReturn(change)) return returning(groupId, change)
    const subject: Case = { groupId, change, before, after, role }
    if (isLeave(change)) return leaving(subject)
    const rules = change.parent === null ? rulesOfSpaces : [...rulesOfAll, ...rulesUnder]
    return rules.map((rule) => rule(subject)).find((verdict) => verdict !== null) ?? null
  }
}

/** A member's device gets a fresh leaf: any member may see to that, but to nothing else in the same commit. */
const returning = (groupId: GroupId, change: ProposedChange): string | null =>
  equalBytes(change.settingsBefore, change.settingsAfter) ? returnProblem(groupId, change) : 'return-with-other-changes'

type Rule = (subject: Case) => string | null

/** A member leaves: any other may see to that, whatever its role, but to nothing else in the same commit. */
const leaving: Rule = (subject) => {
  const { groupId, change, before, after } = subject
  const [gone] = change.removed
  const problem = leaveProblem(groupId, change)
  if (problem !== null || gone === undefined) return problem
  const expected = withoutMember(before, gone.memberId, after.presenceKey)
  if (!equalBytes(encodeSettings(expected), encodeSettings(after))) return 'leave-with-other-changes'
  return wholeMembers(subject) ?? freshPresenceKey(subject) ?? ownership(subject)
}

/** Whoever goes does so with every device: a leaf left behind would read on without a role. */
const wholeMembers: Rule = ({ change, before }) => {
  const gone = new Set(change.removed.filter(({ memberId }) => before.roles.has(memberId)).map(({ memberId }) => memberId))
  return change.staying.some(({ memberId }) => gone.has(memberId)) ? 'device-left-behind' : null
}

/** The one that they knew would let them see who is around. */
const freshPresenceKey: Rule = ({ change, before, after }) =>
  change.removed.length > 0 && equalBytes(before.presenceKey, after.presenceKey) ? 'presence-key-kept' : null

/** Who was away knows no other than an earlier one; with one made up, a stranger would be taken for somebody from before. */
const earlierKeys: Rule = ({ before, after }) => (sameEarlierKeys(before, after) ? null : 'earlier-keys-changed')

/** Somebody has to be able to make the next owner: the last one cannot go, step down or be removed before it made another. */
const ownership: Rule = ({ before, after }) => (lacksOwner(after) && !lacksOwner(before) ? 'no-owner-left' : null)

const fixed: Rule = ({ before, after, change }) => {
  if (before.createdAt !== after.createdAt) return 'creation-changed'
  if (before.kind !== after.kind) return 'kind-changed'
  if (change.removed.length === 0 && !equalBytes(before.presenceKey, after.presenceKey)) return 'presence-key-changed'
  return null
}

const naming: Rule = ({ before, after, role }) => (before.name === after.name || may(role, 'manageSpace') ? null : 'may-not-rename')

const channels: Rule = ({ before, after, role }) =>
  may(role, 'manageChannels') || equalBytes(toCbor(before.channels), toCbor(after.channels)) ? null : 'may-not-manage-channels'

/** What is there already stays: it was checked where it came in. */
const ofThisGroup: Rule = ({ groupId, before, after }) => {
  const known = new Set(before.channels.map(({ channelId }) => channelId))
  return after.channels.every(({ channelId }) => known.has(channelId) || isOfGroup(groupId, channelId)) ? null : 'channel-of-another-group'
}

const history: Rule = ({ before, after, role }) =>
  may(role, 'manageSpace') || equalBytes(toCbor(before.history), toCbor(after.history)) ? null : 'may-not-set-history'

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
    const isTheirs = (i: InvitationSettings): boolean => i.createdBy === gone.memberId || (before.roles.has(gone.memberId) && isShared(i))
    if (after.invitations.some((i) => isTheirs(i) && !i.revoked)) return 'removed-keeps-invitation'
  }
  return null
}

/**
 * Roles follow membership: the newcomer's is the invitation's, the removed lose theirs, and nobody else's changes in the same
 * commit. Where nobody comes or goes, each change of a role is judged by itself, by the roles before.
 */
const roles: Rule = (subject) => (subject.change.added.length + subject.change.removed.length > 0 ? rolesOfMembers : rolesAlone)(subject)

/** The same where roles that follow membership are judged apart. */
const rolesApart: Rule = (subject) => (subject.change.added.length + subject.change.removed.length > 0 ? null : rolesAlone(subject))

const rolesAlone: Rule = ({ change, before, after, role }) => {
  if (before.roles.size !== after.roles.size) return 'roles-changed'
  for (const [memberId, to] of after.roles) {
    const from = before.roles.get(memberId)
    if (from === undefined) return 'roles-changed'
    if (from === to) continue
    const problem = roleProblem(role, { from, to, own: memberId === change.author.memberId })
    if (problem !== null) return problem
    if (after.invitations.some((i) => i.createdBy === memberId && !i.revoked && outlivesRole(after, i))) return 'invitation-outlives-role'
  }
  return null
}

const rolesOfMembers: Rule = ({ change, before, after }) => {
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

/** Its maker may, and whoever manages roles; with its maker it goes, and with anybody who is removed if several may use it, whoever sees to that. */
const mayRevoke = ({ role, change, after }: Case, invitation: InvitationSettings): boolean =>
  invitation.createdBy === change.author.memberId ||
  may(role, 'manageRoles') ||
  change.removed.some((gone) => (gone.memberId === invitation.createdBy || isShared(invitation)) && !after.roles.has(gone.memberId))

function mayChange(subject: Case, was: InvitationSettings, is: InvitationSettings): string | null {
  const used = subject.change.added.length > 0 && subject.after.admission?.invitationId === was.invitationId
  if (is.uses !== was.uses + (used ? 1 : 0)) return 'invitation-uses'
  if (is.revoked !== was.revoked && !(is.revoked && mayRevoke(subject, was))) return 'may-not-revoke'
  const rest = (i: InvitationSettings) => toCbor([i.publicKey, i.role, i.createdBy, i.expiresAt, i.maxUses])
  return equalBytes(rest(was), rest(is)) ? null : 'invitation-changed'
}

const rulesOfAll: readonly Rule[] = [fixed, naming, history, wholeMembers, freshPresenceKey, rolesApart, ownership, earlierKeys]

const rulesOfSpaces: readonly Rule[] = [
  ...[fixed, naming, history, channels, ofThisGroup, admission],
  ...[removals, wholeMembers, freshPresenceKey, roles, ownership, invitations, earlierKeys],
]
