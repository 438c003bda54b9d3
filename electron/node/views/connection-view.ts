import type { GroupId, MemberId, PeerId } from '../../../shared/domain/ids.ts'
import { spaceOfGroup } from '../../../shared/domain/ids.ts'
import type { Connection, PeerStatus, ReachedBy } from '../../../shared/domain/models.ts'
import type { Unmet } from '../../../shared/domain/unmet.ts'
import { groupBy } from '../../kernel/group-by.ts'
import type { Network, SessionStatus } from '../../ports/network.ts'
import type { MemberRow, PeerRow, Repositories } from '../../ports/store.ts'
import type { SharedGroup } from '../../ports/wire.ts'
import { missing } from '../../sync/anti-entropy/sender-chain.ts'
import { readUnmet } from '../../sync/intents/unmet.ts'
import { awayTimes } from '../../sync/members/away.ts'
import { readEnded } from '../../sync/members/ended.ts'
import { spaceOver } from './channel-views.ts'
import { linkReader } from './person-links.ts'
import { placeViews } from './place-views.ts'
import { queuedViews } from './queued-views.ts'
import { readReach } from '../meeting/reach.ts'
import { UNPROVEN } from '../../sync/group/membership.ts'

/** What all sessions ask of a group, read once. */
function groupReader(store: Repositories) {
  const read = new Map<GroupId, { isSpace: boolean; isOver: boolean }>()
  return (groupId: GroupId) => {
    const found = read.get(groupId) ?? {
      // What is under a space is shared with who is in that anyway.
      isSpace: store.directory.space(groupId)?.parent == null,
      isOver: readEnded(store, groupId) !== null,
    }
    read.set(groupId, found)
    return found
  }
}

type MemberReader = (groupId: GroupId, memberId: MemberId) => MemberRow | null

/** Each group's members read once, and only of groups that somebody asks after. */
function memberReader(store: Repositories): MemberReader {
  const read = new Map<GroupId, Map<MemberId, MemberRow>>()
  return (groupId, memberId) => {
    const members = read.get(groupId) ?? new Map(store.directory.members(groupId).map((member) => [member.memberId, member]))
    read.set(groupId, members)
    return members.get(memberId) ?? null
  }
}

function peerViews(store: Repositories, sessions: readonly SessionStatus[], memberOf: MemberReader): PeerStatus[] {
  const groupOf = groupReader(store)
  const isOpenSpace = ({ groupId }: Pick<SharedGroup, 'groupId'>): boolean => groupOf(groupId).isSpace && !groupOf(groupId).isOver
  // Whoever was removed, or whose space we are out of, is nobody we know there any more.
  const isFellow = (one: SharedGroup): boolean => isOpenSpace(one) && memberOf(one.groupId, one.memberId)?.active !== false
  let book: Map<PeerId, PeerRow[]> | null = null
  const inBook = (peerId: PeerId): SharedGroup[] => (book ??= groupBy(store.peers.list(), (row) => row.peerId)).get(peerId) ?? []
  return sessions.map(({ peerId, state, direction, path, lastError, retryAt, shared }) => {
    const proven = shared.filter((s) => s.memberId !== UNPROVEN && isOpenSpace(s))
    const known = proven.length > 0 ? proven : inBook(peerId).filter(isFellow)
    const members = known.map(({ groupId, memberId }) => ({
      spaceId: spaceOfGroup(groupId),
      memberId,
      name: memberOf(groupId, memberId)?.name ?? '',
    }))
    return { peerId, state, direction, path, members, lastError, retryAt }
  })
}

function missingViews(store: Repositories, sessions: readonly SessionStatus[], memberOf: MemberReader): Connection['missing'] {
  const asked = (groupId: GroupId): string[] =>
    sessions
      .flatMap(({ state, shared }) => (state === 'ready' ? shared : []))
      .flatMap((one) => (one.groupId === groupId && one.memberId !== UNPROVEN ? (memberOf(groupId, one.memberId)?.name ?? []) : []))
  const live = store.groups.list().filter(({ groupId }) => readEnded(store, groupId) === null)
  return live.flatMap(({ groupId }) => {
    const gaps = store.senders.list(groupId).flatMap((sender) => {
      const messages = missing(sender)
      return messages === 0 ? [] : { memberId: sender.memberId, messages }
    })
    if (gaps.length === 0) return []
    const spaceId = spaceOfGroup(spaceOver(store, groupId))
    const wasAway = awayTimes(store, groupId).length > 0
    const names = asked(groupId)
    return gaps.flatMap(({ memberId, messages }) => {
      const member = memberOf(groupId, memberId)
      // Who is gone can say no more what was not for this device, and while it was out itself (R8) nothing was.
      const isUnsaid = member?.active !== true && wasAway
      return isUnsaid ? [] : { spaceId, memberId, name: member?.name ?? '', messages, asked: names }
    })
  })
}

function unmetViews(store: Repositories): Unmet[] {
  return readUnmet(store).map(({ groupId, ...rest }) => {
    const space = spaceOver(store, groupId)
    // A direct message is called differently by each of the two.
    const under = store.directory.space(groupId)?.kind !== 'private' ? null : store.directory.channels(groupId)[0]
    return { ...rest, spaceId: spaceOfGroup(space), spaceName: store.directory.space(space)?.name ?? '', channelName: under?.name ?? '' }
  })
}

function reachedBy(network: Network): ReachedBy {
  const { networks, outside, relays } = network.reached()
  const held = relays.filter((relay) => relay.held).length
  return { nearby: networks > 0 && network.addresses().length > 0, outside, relays: { held, of: relays.length } }
}

export function connectionView(
  store: Repositories,
  network: Network,
  { mailboxes, lastErrors }: Pick<Connection, 'mailboxes' | 'lastErrors'>,
): Connection {
  const sessions = network.sessions()
  const links = linkReader(store, sessions)
  const memberOf = memberReader(store)
  return {
    reachability: readReach(store).reachability,
    reachedBy: reachedBy(network),
    listening: network.addresses(),
    peers: peerViews(store, sessions, memberOf),
    places: placeViews(store, links),
    queued: queuedViews(store, links),
    missing: missingViews(store, sessions, memberOf),
    mailboxes: [...mailboxes],
    unmet: unmetViews(store),
    lastErrors: [...lastErrors],
  }
}
