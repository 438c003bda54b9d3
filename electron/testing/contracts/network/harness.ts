import type { Eid, GroupId, InvitationId, MemberId, PeerId } from '../../../../shared/domain/ids.ts'
import { toHex } from '../../../kernel/bytes.ts'
import { systemRandom } from '../../../kernel/random.ts'
import type { Network, NetworkHandlers, SessionStatus } from '../../../ports/network.ts'
import type { JoinRequest, ObjectPush, PeerAddress, SharedGroup } from '../../../ports/wire.ts'
import { createFakeMembership, type FakeGroup, type FakeMembership } from '../../fakes/fake-membership.ts'

/** What an implementation gives its contract suite. */
export interface NetworkHarness {
  /** A network that is started; `like` makes it the same peer at the same addresses as that one, which is stopped. */
  create(handlers: NetworkHandlers, like?: Network): Promise<Network>
  /** Stops whatever still runs. */
  dispose(): Promise<void>
}

/** Someone in the tests: a network, and everything its handlers were told. */
export interface Person {
  memberId: MemberId
  /** The groups it is in; change them and reprove. */
  groups: FakeGroup[]
  membership: FakeMembership
  /** What its handlers do; replaced by tests that want something else. */
  handlers: NetworkHandlers
  network: Network
  pushes: { from: SharedGroup; push: ObjectPush }[]
  frontiers: { from: SharedGroup; peerId: PeerId }[]
  joins: { from: PeerId; request: JoinRequest }[]
  events: { name: 'ready' | 'closed'; peerId: PeerId; groups: GroupId[] }[]
  address(): PeerAddress
}

export const never = new AbortController().signal

export const newGroup = (...members: MemberId[]): FakeGroup => ({
  groupId: systemRandom.id(),
  presenceKey: systemRandom.bytes(32),
  members,
})

/** Somebody in these groups, as a new member of each that does not name it yet. */
export async function createPerson(harness: NetworkHarness, groups: readonly FakeGroup[]): Promise<Person> {
  const memberId = systemRandom.id<MemberId>()
  for (const group of groups) group.members.push(memberId)
  const mine = [...groups]
  const membership = createFakeMembership(memberId, mine)
  const record: Pick<Person, 'pushes' | 'frontiers' | 'joins' | 'events'> = { pushes: [], frontiers: [], joins: [], events: [] }
  const handlers: NetworkHandlers = {
    membership,
    onJoin: async (from, request) => {
      record.joins.push({ from, request })
      return {
        kind: 'welcome',
        welcome: Uint8Array.of(1, 2, 3),
        commits: [],
        peers: [],
        by: { leafIndex: 0, signature: new Uint8Array(64) },
      }
    },
    onPush: async (from, push) => {
      record.pushes.push({ from, push })
      return push.objects.map(() => 'stored')
    },
    onFrontier: async (from, peerId, theirs) => {
      record.frontiers.push({ from, peerId })
      return { ...theirs, epoch: theirs.epoch + 1 }
    },
    onReturn: async () => ({ kind: 'later', afterMs: 1 }),
    onLeave: async () => ({ kind: 'later', afterMs: 1 }),
    onHistory: async () => ({ kind: 'none' }),
    onHandOver: async (_from, { contents }) => contents.map(() => 'stored'),
    onWelcome: async () => ({ kind: 'later', afterMs: 1 }),
    onHints: async (_from, theirs) => theirs,
  }
  // Tests replace handlers by assignment, so the network gets them by way of this object.
  const network = await harness.create(indirect(handlers))
  const person: Person = {
    memberId,
    groups: mine,
    membership,
    handlers,
    network,
    ...record,
    address: () => ({ peerId: person.network.localPeer, addresses: person.network.addresses() }),
  }
  listen(person)
  return person
}

/** Stops the person's network and starts it again as the same peer. */
export async function restart(harness: NetworkHarness, person: Person): Promise<void> {
  await person.network.stop()
  person.network = await harness.create(indirect(person.handlers), person.network)
  listen(person)
}

function indirect(handlers: NetworkHandlers): NetworkHandlers {
  return {
    membership: handlers.membership,
    onJoin: (...told) => handlers.onJoin(...told),
    onPush: (...told) => handlers.onPush(...told),
    onFrontier: (...told) => handlers.onFrontier(...told),
    onReturn: (...told) => handlers.onReturn(...told),
    onLeave: (...told) => handlers.onLeave(...told),
    onHistory: (...told) => handlers.onHistory(...told),
    onHandOver: (...told) => handlers.onHandOver(...told),
    onWelcome: (...told) => handlers.onWelcome(...told),
    onHints: (...told) => handlers.onHints(...told),
  }
}

function listen(person: Person): void {
  const { network, events } = person
  network.on('ready', ({ peerId, shared }) => events.push({ name: 'ready', peerId, groups: shared.map((each) => each.groupId) }))
  network.on('closed', ({ peerId }) => events.push({ name: 'closed', peerId, groups: [] }))
}

export const statusOf = (from: Person, to: Person): SessionStatus | undefined =>
  from.network.sessions().find((session) => session.peerId === to.network.localPeer)

export const isReady = (from: Person, to: Person): boolean => statusOf(from, to)?.state === 'ready'

export const sharedOf = (from: Person, to: Person): readonly SharedGroup[] => statusOf(from, to)?.shared ?? []

/** Resolves once `holds`, looking again whenever one of the networks changes. */
export async function until(holds: () => boolean, ...people: Person[]): Promise<void> {
  while (!holds()) {
    await new Promise<void>((resolve) => {
      const stops = people.map(({ network }) => network.on('changed', () => done()))
      const done = (): void => {
        for (const stop of stops) stop()
        resolve()
      }
    })
  }
}

/** Has `from` want `to` and waits for the session. */
export async function connect(from: Person, to: Person): Promise<void> {
  from.network.setWanted([to.address()])
  await until(() => isReady(from, to) && isReady(to, from), from, to)
}

export const pushOf = (group: FakeGroup, ...objects: Uint8Array[]): ObjectPush => ({
  groupId: group.groupId,
  objects: objects.map((bytes) => ({ eid: toHex(new Uint8Array(16).fill(7)) as Eid, bytes })),
})

export const joinRequestOf = (group: FakeGroup): JoinRequest => ({
  groupId: group.groupId,
  invitationId: systemRandom.id<InvitationId>(),
  requestId: systemRandom.id<string>(),
  keyPackages: [systemRandom.bytes(3_000)],
  signature: systemRandom.bytes(64),
})
