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
  let ports: Set<number>
  let made: Map<Network, { network: Libp2pNetwork; options: NetworkOptions }>

  const harness: NetworkHarness = {
    create: async (handlers) => {
      const base = { loopbackOnly: true, mdns: false, webrtc: false, tcpPort: 0, endpoint: null }
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
})
