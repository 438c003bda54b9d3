import type { MemberId } from '../../../shared/domain/ids.ts'
import type { Role } from '../../../shared/domain/models.ts'
import type { ProposedChange } from '../../crypto/mls/group-engine.ts'
import { equalBytes } from '../../kernel/bytes.ts'
import { toCbor } from '../../kernel/cbor.ts'
import { may, outranks } from './roles.ts'
import type { SpaceSettings } from './settings.ts'
import { withMembers, withoutMember } from './transitions.ts'

interface Case {
  change: ProposedChange
  before: SpaceSettings
  after: SpaceSettings
  role: Role
}

type Rule = (subject: Case) => string | null

/**
 * What differs for a group under a space: a private channel, a direct message. Nobody comes by an invitation; whoever may invite adds
 * members of the space, which only those who are in the space can judge, so it is not judged here (`docs/decisions/0010`).
 */
const oneChannel: Rule = ({ before, after, role }) => {
  const [was, is, ...more] = [...before.channels, ...after.channels]
  if (was === undefined || is === undefined || more.length > 0) return 'not-one-channel'
  if (was.channelId !== is.channelId || was.kind !== is.kind) return 'channel-changed'
  if (was.name === is.name) return null
  return before.kind === 'private' && may(role, 'manageChannels') ? null : 'may-not-manage-channels'
}

const nobodyInvited: Rule = ({ after }) => (after.invitations.length > 0 || after.admission !== null ? 'invitation-under-a-space' : null)

const additions: Rule = ({ change, before, role }) => {
  if (change.added.length === 0) return null
  if (!may(role, 'invite')) return 'may-not-add'
  if (change.removed.length > 0) return 'comes-and-goes-at-once'
  if (new Set(change.added.map((leaf) => leaf.memberId)).size < change.added.length) return 'added-twice'
  if (change.added.some((leaf) => before.roles.has(leaf.memberId))) return 'member-already'
  return before.kind === 'direct' && before.roles.size + change.added.length > 2 ? 'direct-message-of-more-than-two' : null
}

/**
 * Somebody who is out of the space has to go, owner or not, and no member can prove that to one who was away. So who stands as high as
 * anybody who stays may see to it.
 */
const removals: Rule = ({ change, before, role }) => {
  const staying = change.staying.map((leaf) => before.roles.get(leaf.memberId) ?? 'guest')
  const isHighest = !staying.some((theirs) => outranks(theirs, role))
  for (const gone of change.removed) {
    const theirs = before.roles.get(gone.memberId) ?? 'guest'
    if (!isHighest && !(may(role, 'remove') && outranks(role, theirs))) return 'may-not-remove'
  }
  return null
}

/** Where somebody comes or goes, roles follow. Of a direct message they never change otherwise. */
const roles: Rule = ({ change, before, after }) => {
  if (change.added.length + change.removed.length === 0)
    return before.kind === 'direct' && !sameRoles(before.roles, after.roles) ? 'roles-changed' : null
  const gone = new Set(change.removed.map((leaf) => leaf.memberId))
  const left = [...gone].reduce((settings, memberId) => withoutMember(settings, memberId, after.presenceKey), before)
  const added = change.added.map((leaf) => leaf.memberId)
  const expected = added.length === 0 ? left : withMembers(left, added)
  return sameRoles(expected.roles, after.roles) ? null : 'roles-changed'
}

const sameRoles = (a: ReadonlyMap<MemberId, Role>, b: ReadonlyMap<MemberId, Role>): boolean =>
  a.size === b.size && [...a].every(([memberId, role]) => b.get(memberId) === role)

/** A direct message has no name and no history of its own to give away. */
const fixedForTwo: Rule = ({ before, after }) =>
  before.kind !== 'direct' || (before.name === after.name && equalBytes(toCbor(before.history), toCbor(after.history)))
    ? null
    : 'direct-message-changed'

export const rulesUnder: readonly Rule[] = [oneChannel, nobodyInvited, additions, removals, roles, fixedForTwo]
