import type { GroupId } from '../../shared/domain/ids.ts'
import { spaceOfGroup } from '../../shared/domain/ids.ts'
import type { Connection, PeerStatus, ReachedBy } from '../../shared/domain/models.ts'
import type { Network, SessionStatus } from '../ports/network.ts'
import type { Repositories } from '../ports/store.ts'
import type { SharedGroup } from '../ports/wire.ts'
import { missing } from '../sync/anti-entropy/sender-chain.ts'
import { readEnded } from '../sync/members/ended.ts'
import { spaceOver } from './channel-views.ts'
import { readReach } from './reach.ts'
import { UNPROVEN } from '../sync/group/membership.ts'

function peerView(store: Repositories, session: SessionStatus): PeerStatus {
  const { peerId, state, direction, path, lastError, retryAt } = session
  // What is under a space is shared with who is in that anyway.
  const isSpace = ({ groupId }: Pick<SharedGroup, 'groupId'>): boolean => store.directory.space(groupId)?.parent == null
  const proven = session.shared.filter((s) => s.memberId !== UNPROVEN && isSpace(s) && readEnded(store, s.groupId) === null)
  // Whoever was removed, or whose space we are out of, is nobody we know there any more.
  const isFellow = ({ groupId, memberId }: SharedGroup): boolean =>
    store.directory.member(groupId, memberId)?.active !== false && readEnded(store, groupId) === null
  const known = proven.length > 0 ? proven : store.peers.list().filter((row) => row.peerId === peerId && isSpace(row) && isFellow(row))
  const members = known.map(({ groupId, memberId }) => ({
    spaceId: spaceOfGroup(groupId),
    memberId,
    name: store.directory.member(groupId, memberId)?.name ?? '',
  }))
  return { peerId, state, direction, path, members, lastError, retryAt }
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
    const messages = missing(sender)
    const name = store.directory.member(groupId, memberId)?.name ?? ''
    return messages === 0 ? [] : { spaceId: spaceOfGroup(spaceOver(store, groupId)), memberId, name, messages, asked: asked(groupId) }
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
  const peers = network.sessions().map((session) => peerView(store, session))
  // What was written where this device is no member any more goes to nobody.
  const queued = store.deliveries.queued().filter(({ channelId }) => {
    const groupId = store.directory.channel(channelId)?.groupId
    return groupId === undefined || [groupId, spaceOver(store, groupId)].every((each) => readEnded(store, each) === null)
  })
  return {
    reachability: readReach(store).reachability,
    reachedBy: reachedBy(network),
    listening: network.addresses(),
    peers,
    queued,
    missing: missingViews(store, network.sessions()),
    mailboxes: [...mailboxes],
    lastErrors: [...lastErrors],
  }
}
