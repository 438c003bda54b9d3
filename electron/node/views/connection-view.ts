import type { GroupId, PeerId } from '../../../shared/domain/ids.ts'
import { spaceOfGroup } from '../../../shared/domain/ids.ts'
import type { Connection, PeerStatus, ReachedBy } from '../../../shared/domain/models.ts'
import type { Unmet } from '../../../shared/domain/unmet.ts'
import type { Network, SessionStatus } from '../../ports/network.ts'
import type { PeerRow, Repositories } from '../../ports/store.ts'
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

function peerViews(store: Repositories, sessions: readonly SessionStatus[]): PeerStatus[] {
  const groupOf = groupReader(store)
  const isOpenSpace = ({ groupId }: Pick<SharedGroup, 'groupId'>): boolean => groupOf(groupId).isSpace && !groupOf(groupId).isOver
  // Whoever was removed, or whose space we are out of, is nobody we know there any more.
  const isFellow = (one: SharedGroup): boolean => isOpenSpace(one) && store.directory.member(one.groupId, one.memberId)?.active !== false
  let book: PeerRow[] | null = null
  const inBook = (peerId: PeerId): SharedGroup[] => (book ??= store.peers.list()).filter((row) => row.peerId === peerId)
  return sessions.map(({ peerId, state, direction, path, lastError, retryAt, shared }) => {
    const proven = shared.filter((s) => s.memberId !== UNPROVEN && isOpenSpace(s))
    const known = proven.length > 0 ? proven : inBook(peerId).filter(isFellow)
    const members = known.map(({ groupId, memberId }) => ({
      spaceId: spaceOfGroup(groupId),
      memberId,
      name: store.directory.member(groupId, memberId)?.name ?? '',
    }))
    return { peerId, state, direction, path, members, lastError, retryAt }
  })
}

function missingViews(store: Repositories, sessions: readonly SessionStatus[]): Connection['missing'] {
  const asked = (groupId: GroupId): string[] =>
    sessions
      .flatMap(({ state, shared }) => (state === 'ready' ? shared : []))
      .flatMap((one) =>
        one.groupId === groupId && one.memberId !== UNPROVEN ? (store.directory.member(groupId, one.memberId)?.name ?? []) : [],
      )
  const live = store.groups.list().filter(({ groupId }) => readEnded(store, groupId) === null)
  const senders = live.flatMap((group) => store.senders.list(group.groupId))
  return senders.flatMap((sender) => {
    const { groupId, memberId } = sender
    const member = store.directory.member(groupId, memberId)
    const name = member?.name ?? ''
    // Who is gone can say no more what was not for this device, and while it was out itself (R8) nothing was.
    const isUnsaid = member?.active !== true && awayTimes(store, groupId).length > 0
    const messages = isUnsaid ? 0 : missing(sender)
    return messages === 0 ? [] : { spaceId: spaceOfGroup(spaceOver(store, groupId)), memberId, name, messages, asked: asked(groupId) }
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
  return {
    reachability: readReach(store).reachability,
    reachedBy: reachedBy(network),
    listening: network.addresses(),
    peers: peerViews(store, sessions),
    places: placeViews(store, links),
    queued: queuedViews(store, links),
    missing: missingViews(store, sessions),
    mailboxes: [...mailboxes],
    unmet: unmetViews(store),
    lastErrors: [...lastErrors],
  }
}
