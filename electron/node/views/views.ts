import type { GroupId, MemberId, MessageId } from '../../../shared/domain/ids.ts'
import { spaceOfGroup } from '../../../shared/domain/ids.ts'
import type { Delivery, Invitation, Join, JoinStep, Member, Message, Role, Space, SpaceRights } from '../../../shared/domain/models.ts'
import type { JoinRow, MemberRow, Repositories, StoredMessage } from '../../ports/store.ts'
import { readMarks, readersOf } from '../../sync/reading/read-marks.ts'
import { readSettings } from '../profile/profile-record.ts'
import { deliveryOf, receivedDelivery } from '../../sync/delivery/delivery-state.ts'
import { isKeptFor } from '../mailbox/who-asks.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { madeAt } from '../../sync/invitations/made.ts'
import { rolesToGive } from '../../sync/members/role-change.ts'
import { channelsUnder, channelView, spaceOver, troubleIn } from './channel-views.ts'
import { standingIn, statusOf, UNKNOWN_NAME } from '../standing.ts'
import { uninvited } from '../../sync/returning/astray.ts'
import { verifiedMembers } from '../../sync/members/verified.ts'
import { may, outranks } from '../../sync/policy/roles.ts'
import { wantedIn } from '../../sync/under/wanted.ts'
import type { InvitationSettings } from '../../sync/policy/settings.ts'

export { channelView } from './channel-views.ts'

/** Rows and group state as the plain data that the window and the command line are given. */

function rightsOf(role: Role, members: readonly Pick<MemberRow, 'role'>[]): SpaceRights {
  const owners = members.filter((m) => m.role === 'owner').length
  return {
    invite: may(role, 'invite'),
    manageChannels: may(role, 'manageChannels'),
    manageSpace: may(role, 'manageSpace'),
    manageRoles: may(role, 'manageRoles'),
    remove: may(role, 'remove'),
    send: may(role, 'send'),
    leave: role !== 'owner' || owners > 1 || members.length === 1,
  }
}

const noRights: SpaceRights = {
  ...{ invite: false, manageChannels: false, manageSpace: false, manageRoles: false },
  ...{ remove: false, send: false, leave: false },
}

/** With what is under it. Null also for one that was left and is being deleted. */
export function spaceView(store: Repositories, groupId: GroupId): Space | null {
  const space = store.directory.space(groupId)
  if (store.groups.get(groupId) === null || space === null || space.parent !== null) return null
  const standing = standingIn(store, groupId)
  const { role, members, status } = standing
  if (status === null) return null
  return {
    spaceId: spaceOfGroup(groupId),
    name: space.name,
    role,
    may: status.kind === 'member' ? rightsOf(role, members) : noRights,
    status,
    channels: [
      ...store.directory.channels(groupId).map((channel) => channelView(store, channel, standing)),
      ...channelsUnder(store, groupId),
    ],
    memberCount: members.length,
    uninvited: uninvited(store, groupId),
    ...troubleIn(store, groupId),
  }
}

export const spaceViews = (store: Repositories): Space[] =>
  store.directory.spaces().flatMap((space) => spaceView(store, space.groupId) ?? [])

const ROLE_ORDER: readonly Role[] = ['owner', 'admin', 'moderator', 'member', 'guest']

/** Members by role, then by name. */
export function memberViews(store: Repositories, groupId: GroupId, online: ReadonlySet<MemberId>): Member[] {
  const self = store.groups.get(groupId)?.selfMemberId
  const active = store.directory.members(groupId).filter((m) => m.active)
  const roles = new Map(active.map((m) => [m.memberId, m.role]))
  // It is the same person in the space and in what is under it.
  const over = spaceOver(store, groupId)
  const verified = verifiedMembers(store, over)
  const isDirect = store.directory.space(groupId)?.kind === 'direct'
  const takesPart = statusOf(store, groupId)?.kind === 'member' && statusOf(store, over)?.kind === 'member'
  const mine = (self && roles.get(self)) ?? 'guest'
  const rights = (memberId: MemberId, role: Role): Member['may'] => ({
    remove: takesPart && !isDirect && memberId !== self && may(mine, 'remove') && outranks(mine, role),
    verify: takesPart && memberId !== self,
    message: takesPart && !isDirect && memberId !== self,
    roles: takesPart && !isDirect && self !== undefined ? rolesToGive({ roles }, self, memberId) : [],
  })
  const there = active.map(({ memberId, name, role, devices }): Member => {
    const isSelf = memberId === self
    const known = { verified: isSelf || verified.has(memberId), online: isSelf || online.has(memberId), self: isSelf }
    return { memberId, name, role, devices, ...known, awaited: false, may: rights(memberId, role) }
  })
  const awaited = wantedIn(store, groupId).flatMap((memberId): Member[] => {
    const known = store.directory.member(over, memberId)
    if (known === null || roles.has(memberId)) return []
    const rest = {
      remove: takesPart && !isDirect && may(mine, 'invite'),
      verify: takesPart,
      message: takesPart && !isDirect && known.active,
      roles: [],
    }
    return [
      {
        memberId,
        name: known.name,
        role: 'member',
        devices: 0,
        verified: verified.has(memberId),
        online: false,
        self: false,
        awaited: true,
        may: rest,
      },
    ]
  })
  return [...there, ...awaited].sort((a, b) => ROLE_ORDER.indexOf(a.role) - ROLE_ORDER.indexOf(b.role) || a.name.localeCompare(b.name))
}

const REMOVED_FIRST = 'You were removed before anybody had got this. It stays on this device, and goes out only if you are invited again.'

function ownDelivery(store: Repositories, row: StoredMessage): Delivery {
  const delivery = deliveryHere(store, row)
  const isOut =
    delivery.state === 'stored' &&
    [...new Set([row.groupId, spaceOver(store, row.groupId)])].some((one) => statusOf(store, one)?.kind === 'removed')
  return isOut ? { ...delivery, state: 'failed', reason: REMOVED_FIRST } : delivery
}

function deliveryHere(store: Repositories, row: StoredMessage): Delivery {
  const rows = store.deliveries.of(row.objectId)
  // Who has not got it cannot have read it, and most of what is not all over yet is shown often.
  const isEverywhere = rows.length > 0 && rows.every(({ ackedAt }) => ackedAt !== null)
  const lacking = new Set(rows.flatMap(({ memberId, ackedAt }) => (ackedAt === null ? memberId : [])))
  // Once anybody has it, that decides.
  const inMailbox = lacking.size === rows.length && isKeptFor(store, row, lacking)
  if (!isEverywhere || !readSettings(store).readReceipts) return deliveryOf(rows, row.failure, { inMailbox })
  const readers = readersOf(readMarks(store, row.channelId), row)
  const isMember = (memberId: MemberId): boolean => store.directory.member(row.groupId, memberId)?.active === true
  return deliveryOf(rows, row.failure, { isMember, hasRead: (memberId) => readers.has(memberId) })
}

export function messageView(store: Repositories, row: StoredMessage): Message {
  const self = store.groups.get(row.groupId)?.selfMemberId === row.author
  const delivery: Delivery = self ? ownDelivery(store, row) : receivedDelivery
  const { messageId, channelId, sentAt, text, replyTo, seq } = row
  const nameOf = (memberId: MemberId): string => store.directory.member(row.groupId, memberId)?.name ?? UNKNOWN_NAME
  const sharedBy = store.messages.sharerOf(row.objectId)
  return {
    messageId,
    channelId,
    author: { memberId: row.author, name: nameOf(row.author), self },
    sentAt,
    text,
    replyTo,
    editedAt: null,
    deleted: false,
    reactions: [],
    attachments: [],
    delivery,
    sharedBy: sharedBy && { memberId: sharedBy, name: nameOf(sharedBy) },
    seq,
  }
}

export const messageViews = (store: Repositories, ids: readonly MessageId[]): Message[] =>
  ids.flatMap((id) => {
    const row = store.messages.get(id)
    return row === null ? [] : messageView(store, row)
  })

export function invitationView(group: LiveGroup, store: Repositories, invitation: InvitationSettings): Invitation {
  const { invitationId, role, createdBy, expiresAt, maxUses, uses } = invitation
  const link = store.invitations.link(group.groupId, invitationId)
  const made = madeAt(store, group.groupId, invitationId)
  return { invitationId, spaceId: spaceOfGroup(group.groupId), link, role, createdBy, madeAt: made, expiresAt, maxUses, uses }
}

/** `step`: how far the try is that is under way now; null when none is. */
export function joinView(row: JoinRow, step: JoinStep | null): Join {
  const { joinId, groupId, spaceName, startedAt, expiresAt, state } = row
  const join = { joinId, spaceId: spaceOfGroup(groupId), spaceName, startedAt, expiresAt, state, trouble: null }
  if (step === null) return join
  const trouble = state.kind === 'waiting' && step === 'connecting' ? { step: state.step, code: state.code, message: state.message } : null
  return { ...join, state: { kind: 'working', step }, trouble }
}
