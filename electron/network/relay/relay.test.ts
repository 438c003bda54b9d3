import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../kernel/clock.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { systemRandom } from '../../kernel/random.ts'
import type { Network, Reach } from '../../ports/network.ts'
import {
  connect,
  createPerson,
  isReady,
  joinRequestOf,
  never,
  newGroup,
  pushOf,
  statusOf,
  until,
  type NetworkHarness,
  type Person,
} from '../../testing/contracts/network/harness.ts'
import { createNetwork, generateTransportKey, type Libp2pNetwork, type NetworkOptions } from '../create-network.ts'
import { createRelay, type Relay, type RelayOptions } from './create-relay.ts'

const byRelays = (...relays: Relay[]): Reach => ({
  level: 'relays',
  relays: relays.flatMap((relay) => relay.addresses().slice(0, 1)),
  bootstrap: [],
})
const portOf = (relay: Relay): number => Number(/tcp\/(\d+)/.exec(relay.addresses()[0] ?? '')?.[1])

describe('two networks that can reach nothing but relays', () => {
  let relays: Relay[]
  let reach: Reach
  let webrtc: boolean
  let ports: Set<number>
  let made: Map<Network, { network: Libp2pNetwork; options: NetworkOptions }>

  const harness: NetworkHarness = {
    create: async (handlers) => {
      const base = { loopbackOnly: true, mdns: false, webrtc, tcpPort: 0, endpoint: null }
      const options = { ...base, key: generateTransportKey(systemRandom), reach, via: (port: number) => (ports.has(port) ? port : null) }
      const network = await createNetwork({ handlers, clock: systemClock, random: systemRandom, logger: silentLogger }, options)
      made.set(network, { network, options })
      await network.start()
      return network
    },
    dispose: async () => {
      await Promise.all([...made.keys()].map((network) => network.stop()))
    },
  }
  const relay = async (options: Partial<RelayOptions> = {}): Promise<Relay> => {
    const key = options.key ?? generateTransportKey(systemRandom)
    const created = await createRelay({ clock: systemClock }, { key, listen: ['/ip4/127.0.0.1/tcp/0'], privateNetwork: true, ...options })
    relays.push(created)
    ports.add(portOf(created))
    return created
  }
  const relayed = (person: Person): string[] => person.network.addresses().filter((address) => address.includes('/p2p-circuit'))
  const hasPlaces = (person: Person, count: number): Promise<void> => until(() => relayed(person).length === count, person)

  beforeEach(() => {
    relays = []
    ports = new Set()
    webrtc = false
    made = new Map()
  })
  afterEach(async () => {
    await harness.dispose()
    await Promise.all(relays.map((each) => each.stop()))
  })

  it('talk through one', async () => {
    reach = byRelays(await relay())
    const group = newGroup()
    const [alice, bob] = [await createPerson(harness, [group]), await createPerson(harness, [group])]
    await hasPlaces(bob, 1)
    await connect(alice, bob)
    expect([statusOf(alice, bob)?.path, statusOf(bob, alice)?.path]).toEqual(['relayed', 'relayed'])
    const large = systemRandom.bytes(400_000)
    expect(await alice.network.push(bob.network.localPeer, pushOf(group, large), never)).toEqual(['stored'])
    expect(bob.pushes[0]?.push.objects[0]?.bytes).toEqual(large)
  })

  it('cannot, without one', async () => {
    reach = { level: 'relays', relays: [], bootstrap: [] }
    const group = newGroup()
    const [alice, bob] = [await createPerson(harness, [group]), await createPerson(harness, [group])]
    const join = alice.network.join(bob.address(), joinRequestOf(group), { signal: never, onStep: () => undefined })
    await expect(join).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('go on by the second when the first dies', async () => {
    const [first, second] = [await relay(), await relay()]
    reach = byRelays(first, second)
    const group = newGroup()
    const [alice, bob] = [await createPerson(harness, [group]), await createPerson(harness, [group])]
    await hasPlaces(bob, 2)
    await connect(alice, bob)
    const used = first.counts().circuits > 0 ? first : second
    await used.stop()
    await until(() => !isReady(alice, bob), alice, bob)
    await until(() => isReady(alice, bob) && isReady(bob, alice), alice, bob)
    expect(await alice.network.push(bob.network.localPeer, pushOf(group, Uint8Array.of(1)), never)).toEqual(['stored'])
    expect(relayed(bob)).toHaveLength(1)
  })

  it('get no place where there is no more room, and count it as refused', async () => {
    const full = await relay({ limits: { reservations: 1 } })
    reach = byRelays(full)
    const alice = await createPerson(harness, [])
    await hasPlaces(alice, 1)
    const bob = await createPerson(harness, [])
    await expect.poll(() => full.counts().refused.reservation).toBeGreaterThan(0)
    expect(relayed(bob)).toEqual([])
    await alice.network.stop()
    await hasPlaces(bob, 1)
  })

  it('get no more places than one address may have', async () => {
    const small = await relay({ limits: { reservationsPerAddress: 2 } })
    reach = byRelays(small)
    const people = [await createPerson(harness, []), await createPerson(harness, []), await createPerson(harness, [])]
    await expect.poll(() => small.counts().refused.reservation).toBeGreaterThan(0)
    expect(people.filter((person) => relayed(person).length > 0)).toHaveLength(2)
  })

  it('are cut off after as much as one connection may carry, and go on by another', async () => {
    reach = byRelays(await relay({ limits: { circuitBytes: 300_000 } }))
    const group = newGroup()
    const [alice, bob] = [await createPerson(harness, [group]), await createPerson(harness, [group])]
    await hasPlaces(bob, 1)
    await connect(alice, bob)
    const push = alice.network.push(bob.network.localPeer, pushOf(group, systemRandom.bytes(400_000)), never)
    await expect(push).rejects.toMatchObject({ code: 'unreachable' })
    await until(() => isReady(alice, bob) && isReady(bob, alice), alice, bob)
    expect(await alice.network.push(bob.network.localPeer, pushOf(group, Uint8Array.of(1)), never)).toEqual(['stored'])
  })

  it('open no more connections by a relay than one may', async () => {
    const narrow = await relay({ limits: { circuitsPerPeer: 1 } })
    reach = byRelays(narrow)
    const group = newGroup()
    const [alice, bob, carol] = [
      await createPerson(harness, [group]),
      await createPerson(harness, [group]),
      await createPerson(harness, [group]),
    ]
    await hasPlaces(bob, 1)
    await hasPlaces(carol, 1)
    await connect(alice, bob)
    alice.network.setWanted([bob.address(), carol.address()])
    await until(() => statusOf(alice, carol)?.state === 'backing-off', alice)
    expect(isReady(alice, bob)).toBe(true)
  })

  it('answers on a protocol that is mounted, to whoever is there', async () => {
    const asked: string[] = []
    const mounted = [{ id: '/test/1', maxStreams: 1, onStream: ({ peerId }: { peerId: string }) => void asked.push(peerId) }]
    const open = await relay({ mounted })
    const { createNode, NEAR_ONLY } = await import('../libp2p/node.ts')
    const { toPrivateKey } = await import('../libp2p/transport-key.ts')
    const base = { listen: [], gater: {}, onSeen: null, webrtc: null, reaching: NEAR_ONLY, sorter: () => 0 as const }
    const node = await createNode({ ...base, privateKey: await toPrivateKey(generateTransportKey(systemRandom)) })
    await node.start()
    try {
      await node.dialProtocol(multiaddr(open.addresses()[0] ?? ''), '/test/1')
      await expect.poll(() => asked).toEqual([node.peerId.toString()])
    } finally {
      await node.stop()
    }
  })

  it('find each other by the public table with no address but that of the relay that keeps it', async () => {
    const open = await relay()
    reach = { ...byRelays(open), level: 'public', bootstrap: open.addresses() }
    const group = newGroup()
    const [alice, bob] = [await createPerson(harness, [group]), await createPerson(harness, [group])]
    await hasPlaces(alice, 1)
    await hasPlaces(bob, 1)
    alice.network.setWanted([{ peerId: bob.network.localPeer, addresses: [] }])
    await until(() => isReady(alice, bob) && isReady(bob, alice), alice, bob)
  })

  it('do not look there unless they chose to', async () => {
    reach = byRelays(await relay())
    const group = newGroup()
    const [alice, bob] = [await createPerson(harness, [group]), await createPerson(harness, [group])]
    await hasPlaces(bob, 1)
    const join = alice.network.join({ peerId: bob.network.localPeer, addresses: [] }, joinRequestOf(group), {
      signal: never,
      onStep: () => undefined,
    })
    await expect(join).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('leave the relay as soon as a straight way opens, and nothing that was acknowledged is lost', async () => {
    reach = byRelays(await relay())
    const group = newGroup()
    const [alice, bob] = [await createPerson(harness, [group]), await createPerson(harness, [group])]
    await hasPlaces(bob, 1)
    await connect(alice, bob)
    expect(statusOf(alice, bob)?.path).toBe('relayed')
    const port = Number(/^\/ip4\/127\.0\.0\.1\/tcp\/(\d+)\/p2p\/\w+$/.exec(bob.network.addresses()[0] ?? '')?.[1])
    ports.add(port)
    // News of where Bob is.
    alice.network.setWanted([{ peerId: bob.network.localPeer, addresses: [...bob.network.addresses(), '/ip4/127.0.0.1/tcp/9'] }])
    await until(() => statusOf(alice, bob)?.path === 'direct' && isReady(alice, bob) && isReady(bob, alice), alice, bob)
    expect(statusOf(bob, alice)?.path).toBe('direct')
    expect(await bob.network.push(alice.network.localPeer, pushOf(group, Uint8Array.of(1)), never)).toEqual(['stored'])
  })

  it('are introduced to each other by the relay, and go on by WebRTC without it', async () => {
    reach = byRelays(await relay())
    webrtc = true
    const group = newGroup()
    const [alice, bob] = [await createPerson(harness, [group]), await createPerson(harness, [group])]
    await hasPlaces(bob, 1)
    await connect(alice, bob)
    await until(() => statusOf(alice, bob)?.path === 'hole-punched' && isReady(alice, bob) && isReady(bob, alice), alice, bob)
    await relays[0]?.stop()
    expect(await alice.network.push(bob.network.localPeer, pushOf(group, systemRandom.bytes(100_000)), never)).toEqual(['stored'])
  })
})
