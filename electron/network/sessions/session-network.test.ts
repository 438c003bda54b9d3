import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JoinAnswer, ObjectPush, PeerHint } from '../../ports/wire.ts'
import {
  createPerson,
  isReady,
  joinRequestOf,
  never,
  newGroup,
  pushOf,
  sharedOf,
  statusOf,
  type Person,
} from '../../testing/contracts/network/harness.ts'
import type { FakeGroup } from '../../testing/fakes/fake-membership.ts'
import type { FakeClock } from '../../testing/fakes/fake-clock.ts'
import { duplexPair } from '../../testing/fakes/duplex-pair.ts'
import type { MemoryLink, MemoryTransport, TransportHub } from '../../testing/fakes/memory-transport.ts'
import { createMemorySessions, settle, type MemorySessions } from '../../testing/network/memory-sessions.ts'
import { encodeFrame } from '../channel/frame.ts'
import { ReadBudget } from '../channel/read-budget.ts'
import { RequestChannel } from '../channel/request-channel.ts'
import { objectsRpc } from '../protocols/objects/objects-rpc.ts'
import { ask } from '../protocols/rpc.ts'
import { toCbor } from '../../kernel/cbor.ts'
import { HINTS_PER_PEER } from '../protocols/hints/constants.ts'
import { JOINS_PER_PEER, JOIN_LATER_MS } from '../protocols/join/constants.ts'
import { ACK_MS } from '../protocols/objects/constants.ts'
import { MAX_OBJECT_BYTES } from '../protocols/wire-object.ts'
import {
  CROSSING_MS,
  DIAL_DEADLINE_MS,
  HANDSHAKE_DEADLINE_MS,
  IDLE_MS,
  JOIN_DIAL_MS,
  JOIN_DISCOVERY_MS,
  MEMBER_SHARE_BYTES,
} from './constants.ts'
import { PROTOCOLS } from './serve-streams.ts'
import { UnknownProtocol } from './transport.ts'

describe('sessions over any transport', () => {
  let clock: FakeClock
  let hub: TransportHub
  let harness: MemorySessions
  let group: FakeGroup
  let alice: Person
  let bob: Person
  const transportOf = (person: Person): MemoryTransport => {
    const transport = hub.find(person.network.localPeer)
    if (transport === undefined) throw new Error('no transport')
    return transport
  }
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms)
    await settle()
  }

  beforeEach(async () => {
    harness = createMemorySessions()
    clock = harness.clock
    hub = harness.hub
    group = newGroup()
    alice = await createPerson(harness, [group])
    bob = await createPerson(harness, [group])
  })
  afterEach(async () => {
    await harness.dispose()
    expect(clock.pending).toEqual([])
  })
  const connected = async (): Promise<void> => {
    alice.network.setWanted([bob.address()])
    await settle()
    expect(isReady(alice, bob) && isReady(bob, alice)).toBe(true)
  }

  it('gives up a dial that says nothing, waits, and dials again', async () => {
    hub.silent.add(bob.network.localPeer)
    alice.network.setWanted([bob.address()])
    await pass(DIAL_DEADLINE_MS - 1)
    expect(statusOf(alice, bob)).toMatchObject({ state: 'dialing', direction: 'outbound' })
    await pass(1)
    expect(statusOf(alice, bob)).toMatchObject({ state: 'backing-off', lastError: 'timed-out', retryAt: clock.now() + 500 })
    hub.silent.clear()
    await pass(500)
    expect(isReady(alice, bob)).toBe(true)
  })

  it('gives up a peer that opens no hello, and closes the connection', async () => {
    const transport = transportOf(bob)
    if (transport.events !== null) transport.events = { ...transport.events, onStream: () => undefined }
    alice.network.setWanted([bob.address()])
    await settle()
    expect(statusOf(alice, bob)).toMatchObject({ state: 'handshaking', direction: 'outbound' })
    await pass(HANDSHAKE_DEADLINE_MS)
    expect(statusOf(alice, bob)).toMatchObject({ state: 'backing-off', lastError: 'timed-out' })
    expect(transport.links.size).toBe(0)
  })

  it('gives up a peer that begins a hello and never goes on', async () => {
    const link = transportOf(bob).connect(transportOf(alice))
    const stream = await link.openStream('/spacepanda/hello/1', never)
    stream.send([encodeFrame({ kind: 'request', id: 0, body: toCbor({ kind: 'open', versions: [2], nonce: new Uint8Array(32) }) })])
    await settle()
    expect(statusOf(alice, bob)).toMatchObject({ state: 'proving', direction: 'inbound' })
    await pass(HANDSHAKE_DEADLINE_MS)
    expect(statusOf(alice, bob)).toBeUndefined()
    expect([stream.closed, link.open]).toEqual([true, false])
  })

  it('backs off further with every failure, to a minute at most, and resets when asked', async () => {
    await bob.network.stop()
    alice.network.setWanted([bob.address()])
    const waits: number[] = []
    for (let i = 0; i < 9; i += 1) {
      await settle()
      const wait = (statusOf(alice, bob)?.retryAt ?? 0) - clock.now()
      waits.push(wait)
      await pass(wait)
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
    alice.network.retryNow()
    await settle()
    expect((statusOf(alice, bob)?.retryAt ?? 0) - clock.now()).toBe(500)
  })

  it.each([
    ['the network changed', () => transportOf(alice).events?.onNetworkChange()],
    ['it is seen nearby', () => transportOf(alice).events?.onDiscovered({ peerId: bob.network.localPeer, addresses: ['/memory/nearby'] })],
    ['new addresses are known', () => alice.network.setWanted([{ ...bob.address(), addresses: ['/memory/new'] }])],
  ])('dials a peer at once when %s', async (_, happens) => {
    const { localPeer } = bob.network
    await bob.network.stop()
    alice.network.setWanted([{ peerId: localPeer, addresses: ['/memory/old'] }])
    await settle()
    const dials = transportOf(alice).dials.length
    happens()
    await settle()
    expect(transportOf(alice).dials.length).toBe(dials + 1)
  })

  it('is back in touch as soon as the peer dials us, whatever our back-off', async () => {
    const { localPeer } = bob.network
    hub.silent.add(localPeer)
    alice.network.setWanted([bob.address()])
    await pass(DIAL_DEADLINE_MS)
    bob.network.setWanted([alice.address()])
    await settle()
    expect(statusOf(alice, bob)).toMatchObject({ state: 'ready', direction: 'inbound' })
  })

  it('redials a peer whose connection died, both ends wanting each other, into one session', async () => {
    await connected()
    bob.network.setWanted([alice.address()])
    for (const link of transportOf(alice).links) link.close()
    await settle()
    expect(alice.events.at(-1)?.name).toBe('closed')
    expect(bob.events.at(-1)?.name).toBe('closed')
    await pass(2_000)
    expect(isReady(alice, bob) && isReady(bob, alice)).toBe(true)
    expect([statusOf(alice, bob)?.direction, statusOf(bob, alice)?.direction].toSorted()).toEqual(['inbound', 'outbound'])
    expect(transportOf(alice).links.size).toBe(1)
  })

  it('makes one session of any crossing of dials', async () => {
    for (let round = 0; round < 5; round += 1) {
      const links = [transportOf(alice).connect(transportOf(bob)), transportOf(bob).connect(transportOf(alice))]
      alice.network.setWanted([bob.address()])
      bob.network.setWanted([alice.address()])
      await pass(2_000)
      expect([isReady(alice, bob), isReady(bob, alice)]).toEqual([true, true])
      expect([statusOf(alice, bob)?.direction, statusOf(bob, alice)?.direction].toSorted()).toEqual(['inbound', 'outbound'])
      expect(await alice.network.push(bob.network.localPeer, pushOf(group, Uint8Array.of(1)), never)).toEqual(['stored'])
      expect(await bob.network.push(alice.network.localPeer, pushOf(group, Uint8Array.of(1)), never)).toEqual(['stored'])
      for (const link of links) link.close()
      for (const link of [...transportOf(alice).links]) link.close()
      await settle()
    }
  })

  it('believes a peer that comes again on a new connection while the old one still looks alive', async () => {
    await connected()
    await pass(CROSSING_MS)
    const old = [...transportOf(alice).links]
    const { localPeer } = bob.network
    // Bob's machine lost power: nothing closed the connection here.
    for (const link of transportOf(bob).links) link.other = null
    bob.network = await harness.create(bob.handlers, bob.network)
    expect(bob.network.localPeer).toBe(localPeer)
    bob.network.setWanted([alice.address()])
    await settle()
    expect(statusOf(alice, bob)).toMatchObject({ state: 'ready', direction: 'inbound' })
    expect(old.map((link) => link.open)).toEqual([false])
  })

  it('lets a session go that nobody wants, once it was idle long enough', async () => {
    await connected()
    alice.network.setWanted([])
    await pass(IDLE_MS - 1)
    await alice.network.push(bob.network.localPeer, pushOf(group, Uint8Array.of(1)), never)
    await pass(IDLE_MS - 1)
    await bob.network.push(alice.network.localPeer, pushOf(group, Uint8Array.of(1)), never)
    await pass(IDLE_MS - 1)
    expect(isReady(alice, bob)).toBe(true)
    await pass(1)
    expect([isReady(alice, bob), isReady(bob, alice)]).toEqual([false, false])
    expect(alice.events.at(-1)).toMatchObject({ name: 'closed' })
    expect([alice.network.sessions(), bob.network.sessions()]).toEqual([[], []])
  })

  it('keeps a session that is wanted, however idle', async () => {
    await connected()
    await pass(10 * IDLE_MS)
    expect(isReady(alice, bob)).toBe(false)
    // Bob does not want it and let it go; Alice came back by herself.
    await pass(1_000)
    expect(isReady(alice, bob)).toBe(true)
    bob.network.setWanted([alice.address()])
    const closed = alice.events.filter((event) => event.name === 'closed').length
    await pass(10 * IDLE_MS)
    expect(alice.events.filter((event) => event.name === 'closed')).toHaveLength(closed)
  })

  it('closes connections on which nothing comes about', async () => {
    const link = transportOf(bob).connect(transportOf(alice))
    await pass(IDLE_MS - 1)
    expect(link.open).toBe(true)
    await pass(1)
    expect(link.open).toBe(false)
  })

  it('tells the transport whose connections matter', async () => {
    const eve = await createPerson(harness, [])
    eve.network.setWanted([alice.address()])
    await connected()
    expect([...transportOf(alice).known]).toEqual([bob.network.localPeer])
    expect([...transportOf(bob).known]).toEqual([alice.network.localPeer])
    expect(transportOf(bob).events?.isKnown(alice.network.localPeer)).toBe(true)
    expect(transportOf(alice).events?.isKnown(eve.network.localPeer)).toBe(false)
    alice.network.setWanted([])
    for (const link of transportOf(alice).links) link.close()
    await settle()
    expect([...transportOf(alice).known]).toEqual([])
  })

  it('waits with requests of a peer that is still being proven', async () => {
    let release: () => void = () => undefined
    const { push, localPeer } = { push: pushOf(group, Uint8Array.of(1)), localPeer: bob.network.localPeer }
    alice.network.setWanted([bob.address()])
    await new Promise<void>((resolve) => {
      release = alice.network.on('ready', () => resolve())
    })
    release()
    // Nobody waited for Bob's side of it.
    expect(await alice.network.push(localPeer, push, never)).toEqual(['stored'])
  })

  it('takes only so many hints of one peer in one group, and after that where it is itself', async () => {
    await connected()
    const heard: PeerHint[][] = []
    bob.handlers.onHints = async (_from, hints) => {
      heard.push(hints)
      return hints
    }
    const own = { memberId: alice.memberId, record: Uint8Array.of(1) }
    const hints = [own, { memberId: bob.memberId, record: Uint8Array.of(2) }]
    const tell = () => alice.network.hints(bob.network.localPeer, group.groupId, hints, never)
    for (let i = 0; i < HINTS_PER_PEER; i++) expect(await tell()).toEqual(hints)
    expect(await tell()).toEqual([])
    expect([heard.length, heard.at(-1)]).toEqual([HINTS_PER_PEER + 1, [own]])
  })

  it('keeps no more of one peer that waits for its answers than its share, and takes the largest of others', async () => {
    await connected()
    const carol = await createPerson(harness, [group])
    carol.network.setWanted([alice.address()])
    await settle()
    alice.handlers.onPush = (_, push) => (heard.push(push), new Promise(() => undefined))
    const heard: ObjectPush[] = []
    const large = pushOf(group, new Uint8Array(MAX_OBJECT_BYTES))
    const push = (by: Person) => by.network.push(alice.network.localPeer, large, never).catch((thrown: unknown) => thrown)
    for (let round = 0; round < 12; round += 1) {
      void push(bob)
      await settle()
    }
    expect(heard.length).toBe(Math.floor(MEMBER_SHARE_BYTES / MAX_OBJECT_BYTES) - 1)
    void push(carol)
    await settle()
    expect(heard.length).toBe(Math.floor(MEMBER_SHARE_BYTES / MAX_OBJECT_BYTES))
    await pass(ACK_MS)
  })

  describe('strangers', () => {
    it('may open streams for hello and join only', async () => {
      const eve = await createPerson(harness, [])
      const others = PROTOCOLS.filter((protocol) => protocol !== '/spacepanda/hello/1')
      const openOn = async (link: MemoryLink): Promise<string[]> => {
        const opened = await Promise.all(others.map(async (protocol) => ({ protocol, stream: await link.openStream(protocol, never) })))
        await settle()
        return opened.filter(({ stream }) => !stream.closed).map(({ protocol }) => protocol)
      }
      expect(await openOn(transportOf(eve).connect(transportOf(alice)))).toEqual(['/spacepanda/join/4'])
      eve.network.setWanted([alice.address()])
      await settle()
      expect(statusOf(alice, eve)).toMatchObject({ state: 'ready', shared: [] })
      for (const link of transportOf(eve).links) expect(await openOn(link)).toEqual(['/spacepanda/join/4'])
    })

    it('that begin a hello to open other streams are refused there, and their handlers hear nothing', async () => {
      const eve = await createPerson(harness, [])
      const link = transportOf(eve).connect(transportOf(alice))
      await link.openStream('/spacepanda/hello/1', never)
      const channel = new RequestChannel(
        { clock, budget: new ReadBudget(0), offended: () => undefined },
        await link.openStream(objectsRpc.id, never),
        1_000,
      )
      const asked = ask(objectsRpc, channel, pushOf(group, Uint8Array.of(1)), never).catch((thrown: unknown) => thrown)
      await pass(HANDSHAKE_DEADLINE_MS)
      expect(await asked).toMatchObject({ code: 'unreachable' })
      expect(alice.pushes).toEqual([])
      channel.close()
    })

    it('are told to come later when they ask to join too often, and the handler hears nothing', async () => {
      const eve = await createPerson(harness, [])
      const options = { signal: never, onStep: () => undefined }
      const ask = (): Promise<JoinAnswer> => eve.network.join(alice.address(), joinRequestOf(group), options)
      for (let i = 0; i < JOINS_PER_PEER; i += 1) expect((await ask()).kind).toBe('welcome')
      expect(await ask()).toEqual({ kind: 'later', afterMs: JOIN_LATER_MS })
      expect(alice.joins).toHaveLength(JOINS_PER_PEER)
      expect((await bob.network.join(alice.address(), joinRequestOf(group), options)).kind).toBe('welcome')
    })
  })

  describe('malformed', () => {
    const garbage: [string, Uint8Array][] = [
      ['random bytes', new Uint8Array(64).map((_, i) => (i * 89 + 200) % 256)],
      ['a frame of the wrong shape', encodeFrame({ kind: 'request', id: 0, body: toCbor({ surprise: true }) })],
      ['a frame of no CBOR', encodeFrame({ kind: 'request', id: 0, body: Uint8Array.of(0xff) })],
      ['an empty frame', encodeFrame({ kind: 'request', id: 0, body: new Uint8Array() })],
      ['an answer nobody asked for', encodeFrame({ kind: 'response', id: 0, body: toCbor(['stored']) })],
      ['a message longer than any', encodeFrame({ kind: 'request-begin', id: 0, body: new Uint8Array(48 * 1024).fill(0xff) })],
    ]
    it.each(PROTOCOLS.flatMap((protocol) => garbage.map(([what, bytes]) => [protocol, what, bytes] as const)))(
      'on %s, %s: the stream is reset, nothing else happens',
      async (protocol, _, bytes) => {
        await connected()
        const before = structuredClone([sharedOf(alice, bob), alice.network.sessions()])
        const [link] = transportOf(bob).links
        const stream = await link?.openStream(protocol, never)
        stream?.send([bytes])
        await settle()
        expect(stream?.closed).toBe(true)
        expect([alice.pushes, alice.joins, alice.frontiers]).toEqual([[], [], []])
        expect([sharedOf(alice, bob), alice.network.sessions()]).toEqual(before)
        expect(await bob.network.push(alice.network.localPeer, pushOf(group, Uint8Array.of(1)), never)).toEqual(['stored'])
      },
    )

    it('streams of unknown protocols are reset', async () => {
      const link = transportOf(bob).connect(transportOf(alice))
      await expect(link.openStream('/spacepanda/unknown/1', never)).rejects.toThrow(UnknownProtocol)
      const [ours, theirs] = duplexPair()
      if (link.other === null) throw new Error('a link has two ends')
      transportOf(alice).events?.onStream('/spacepanda/unknown/1', link.other, theirs)
      await settle()
      expect(ours.closed).toBe(true)
    })

    it('tags, proofs or signatures that make the prover throw end in a failed hello', async () => {
      bob.membership.recognise = () => {
        throw new TypeError('bad point')
      }
      alice.network.setWanted([bob.address()])
      await settle()
      expect(statusOf(alice, bob)).toMatchObject({ state: 'backing-off', lastError: 'refused' })
      expect(bob.network.sessions().every((session) => session.state !== 'ready')).toBe(true)
    })
  })

  describe('joining', () => {
    const options = { signal: never, onStep: () => undefined }

    it('fails in time at a peer that says nothing', async () => {
      hub.silent.add(alice.network.localPeer)
      const joining = bob.network.join(alice.address(), joinRequestOf(group), options).catch((thrown: unknown) => thrown)
      await settle()
      await pass(JOIN_DIAL_MS)
      await pass(JOIN_DISCOVERY_MS)
      expect(await joining).toMatchObject({ code: 'timed-out' })
    })

    it('tries the addresses a peer is seen at nearby', async () => {
      const address = { peerId: alice.network.localPeer, addresses: ['/memory/old'] }
      await alice.network.stop()
      const joining = bob.network.join(address, joinRequestOf(group), options)
      await settle()
      alice.network = await harness.create(alice.handlers, alice.network)
      transportOf(bob).events?.onDiscovered({ peerId: address.peerId, addresses: ['/memory/nearby'] })
      expect((await joining).kind).toBe('welcome')
      expect(transportOf(bob).dials.map((dial) => dial.addresses)).toEqual([['/memory/old'], ['/memory/nearby']])
    })

    it('gives up by itself when the network stops', async () => {
      alice.handlers.onJoin = () => new Promise(() => undefined)
      const joining = bob.network.join(alice.address(), joinRequestOf(group), options).catch((thrown: unknown) => thrown)
      await settle()
      await bob.network.stop()
      expect(await joining).toMatchObject({ code: 'cancelled' })
    })

    it('keeps its connection while it waits, whatever the session does', async () => {
      let answer: (given: JoinAnswer) => void = () => undefined
      alice.handlers.onJoin = () => new Promise((resolve) => (answer = resolve))
      const joining = bob.network.join(alice.address(), joinRequestOf(group), options)
      await settle()
      await pass(50_000)
      answer({ kind: 'later', afterMs: 1 })
      expect(await joining).toEqual({ kind: 'later', afterMs: 1 })
    })
  })

  it('logs handshakes without addresses or whole ids', async () => {
    await connected()
    const text = harness.log.join('\n')
    expect(text).toContain('"outcome":"ready"')
    expect(text).toContain(bob.network.localPeer.slice(-6))
    expect(text).not.toContain(bob.network.localPeer)
    expect(text).not.toContain('/memory/')
  })
})
