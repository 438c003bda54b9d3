import type { GroupId, MemberId } from '../../../shared/domain/ids.ts'
import { spaceOfGroup } from '../../../shared/domain/ids.ts'
import type { Channel, ChannelRights, SpaceStatus } from '../../../shared/domain/models.ts'
import type { ChannelRow, MemberRow, Repositories, SpaceRow } from '../../ports/store.ts'
import { isLost } from '../../sync/group/lost-channels.ts'
import { readAsking } from '../../sync/history/asking.ts'
import { awayTimes } from '../../sync/members/away.ts'
import { may } from '../../sync/policy/roles.ts'
import { isAstray, isTakenOver } from '../../sync/returning/astray.ts'
import { wantedIn } from '../../sync/under/wanted.ts'
import { beforeOldest } from './before.ts'
import { standingIn, statusOf, UNKNOWN_NAME } from '../standing.ts'
import type { Standing } from '../standing.ts'

/** The space of a group: itself, or the one it is under. */
export const spaceOver = (store: Repositories, groupId: GroupId): GroupId => store.directory.space(groupId)?.parent ?? groupId

/** `standing` is that in the channel's group, where it is known already. */
export function channelView(store: Repositories, row: ChannelRow, standing: Standing = standingIn(store, row.groupId)): Channel {
  const { channelId, groupId, kind } = row
  const { messages } = store
  const place = store.directory.space(groupId)
  const trouble = troubleIn(store, groupId)
  const marks = { unread: messages.unread(channelId), readSeq: messages.readSeq(channelId), keepDays: messages.keepDays(channelId) }
  const before = beforeOldest(store, row, place)
  const base = {
    channelId,
    spaceId: spaceOfGroup(place?.parent ?? groupId),
    membersOf: spaceOfGroup(groupId),
    ...trouble,
    ...marks,
    before,
    away: awayTimes(store, groupId),
    lost: isLost(row),
  }
  const status = statusIn(store, place, standing)
  const rest = { memberCount: standing.members.length, status }
  const may = rightsIn(place, status.kind === 'member' && !base.lost, standing)
  if (place?.kind !== 'direct') return { ...base, ...rest, may, name: row.name, kind, with: null }
  const { name, memberId, isThere } = partnerIn(store, place, standing)
  // What is said to nobody is better not written.
  return { ...base, ...rest, may: { ...may, send: may.send && isThere }, name, kind: 'direct', with: isThere ? memberId : null }
}

/** What keeps this device from going on in a group just now, or is under way in it. */
export function troubleIn(
  store: Repositories,
  groupId: GroupId,
): Pick<Channel, 'astray' | 'takenOver' | 'returning' | 'gettingHistoryFrom'> {
  const from = readAsking(store, groupId)?.from ?? null
  return {
    astray: isAstray(store, groupId),
    takenOver: isTakenOver(store, groupId),
    returning: store.groups.get(groupId)?.returning === true,
    gettingHistoryFrom: from && (store.directory.member(groupId, from)?.name ?? UNKNOWN_NAME),
  }
}

const gone: SpaceStatus = { kind: 'leaving', since: 0 }

/** Whoever is out of a space takes part in nothing under it, whether or not anybody has removed them there yet. */
function statusIn(store: Repositories, place: SpaceRow | null, { status }: Standing): SpaceStatus {
  const over = place?.parent == null ? null : statusOf(store, place.parent)
  return over !== null && over.kind !== 'member' ? over : (status ?? gone)
}

function rightsIn(place: SpaceRow | null, takesPart: boolean, { role }: Standing): ChannelRights {
  const isPrivate = takesPart && place?.kind === 'private'
  return {
    send: takesPart && may(role, 'send'),
    rename: takesPart && place?.kind !== 'direct' && may(role, 'manageChannels'),
    addMembers: isPrivate && may(role, 'invite'),
    removeMembers: isPrivate && may(role, 'remove'),
    history: isPrivate && may(role, 'manageSpace'),
    leave: takesPart && place !== null && place.kind !== 'space',
  }
}

interface Partner {
  memberId: MemberId | null
  name: string
  isThere: boolean
}

/** With whom a direct message is: in it, or about to be, or gone. */
function partnerIn(store: Repositories, { groupId, parent }: SpaceRow, { self, members }: Standing): Partner {
  const there = members.find((m) => m.memberId !== self)
  // Whoever is out of the space is out of this too, as soon as somebody commits it.
  const isOut = ({ memberId }: MemberRow) => parent !== null && store.directory.member(parent, memberId)?.active === false
  if (there !== undefined) return { memberId: there.memberId, name: there.name, isThere: !isOut(there) }
  const [wanted] = wantedIn(store, groupId)
  const awaited = wanted === undefined || parent === null ? null : store.directory.member(parent, wanted)
  if (awaited?.active === true) return { memberId: awaited.memberId, name: awaited.name, isThere: true }
  const gone = store.directory.members(groupId).find((m) => m.memberId !== self)
  return { memberId: null, name: gone?.name ?? awaited?.name ?? UNKNOWN_NAME, isThere: false }
}

/**
 * Private channels and direct messages under a space. Where two people began a conversation with each other at once there are two: the
 * one whose group has the smaller id is it, and the other is shown only if anything was said there.
 */
export function channelsUnder(store: Repositories, space: GroupId): Channel[] {
  const views = store.directory.under(space).flatMap(({ groupId }) => {
    const standing = standingIn(store, groupId)
    const row = store.directory.channels(groupId)[0]
    return standing.status === null || row === undefined ? [] : channelView(store, row, standing)
  })
  const chosen = new Map<MemberId, string>()
  for (const { with: partner, membersOf, status } of views)
    if (partner !== null && status.kind === 'member' && membersOf < (chosen.get(partner) ?? 'g')) chosen.set(partner, membersOf)
  const isSpare = (view: Channel): boolean =>
    view.with !== null && chosen.get(view.with) !== view.membersOf && store.messages.page(view.channelId, 1, null).messages.length === 0
  return views.filter((view) => !isSpare(view))
}

/** The conversation with a member of the space; null where there is none. */
export function directWith(store: Repositories, space: GroupId, memberId: MemberId): Channel | null {
  const found = channelsUnder(store, space).filter((view) => view.with === memberId && view.status.kind === 'member')
  return found.sort((a, b) => (a.membersOf < b.membersOf ? -1 : 1))[0] ?? null
}
