import { afterEach, expect, it } from 'vitest'
import { systemClock } from '../../kernel/clock.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { systemRandom } from '../../kernel/random.ts'
import { createNetwork, generateTransportKey } from '../../network/create-network.ts'
import { DIAL_DEADLINE_MS, HANDSHAKE_DEADLINE_MS, PROVE_DEADLINE_MS } from '../../network/sessions/constants.ts'
import type { Network, NetworkHandlers } from '../../ports/network.ts'
import { createPerson, isReady, newGroup, type NetworkHarness, type Person } from '../contracts/network/harness.ts'
import { createFaultProxy } from './fault-proxy.ts'
import type { FaultProxy, Faults } from './fault-proxy.ts'

const ATTEMPTS = 1_000
/** So many pairs try at the same time, each through a proxy of its own: nobody takes more than ten connections a second of one address. */
const PAIRS = 10
/** What the steps of one session may take; what fails is tried again meanwhile. */
const DEADLINE_MS = DIAL_DEADLINE_MS + HANDSHAKE_DEADLINE_MS + PROVE_DEADLINE_MS

const started: { stop(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.stop()))
})

interface Pair {
  alice: Person
  bob: Person
  proxy: FaultProxy
}

async function makePair(seed: number): Promise<Pair> {
  const proxy = createFaultProxy({ seed, target: () => portOf(bob) })
  await proxy.start()
  started.push(proxy)
  const harness: NetworkHarness = { create: (handlers) => create(handlers, () => proxy.port), dispose: async () => undefined }
  const group = newGroup()
  const alice = await createPerson(harness, [group])
  const bob = await createPerson(harness, [group])
  return { alice, bob, proxy }
}

async function create(handlers: NetworkHandlers, via: () => number): Promise<Network> {
  const key = generateTransportKey(systemRandom)
  const deps = { handlers, clock: systemClock, random: systemRandom, logger: silentLogger }
  const network = await createNetwork(deps, { key, loopbackOnly: true, mdns: false, webrtc: false, via, tcpPort: 0, endpoint: null })
  await network.start()
  started.push(network)
  return network
}

const portOf = (person: Person): number => Number(/\/tcp\/(\d+)/.exec(person.network.addresses()[0] ?? '')?.[1] ?? 0)

/** Whether `holds` comes to be before the deadline; looks whenever either side changes. */
function within({ alice, bob }: Pair, holds: () => boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (found: boolean): void => {
      cancel()
      for (const stop of stops) stop()
      resolve(found)
    }
    const cancel = systemClock.after(DEADLINE_MS, () => end(false))
    const stops = [alice, bob].map(({ network }) => network.on('changed', () => holds() && end(true)))
    if (holds()) end(true)
  })
}

/** From wanting somebody to a proven session of both; then all of it is undone. */
async function attempt(pair: Pair): Promise<boolean> {
  const { alice, bob, proxy } = pair
  alice.network.setWanted([bob.address()])
  const made = await within(pair, () => isReady(alice, bob) && isReady(bob, alice))
  alice.network.setWanted([])
  proxy.mode('refuse')
  await within(pair, () => alice.network.sessions().length === 0 && bob.network.sessions().length === 0)
  proxy.mode('carry')
  return made
}

async function attempts(count: number, faults: Partial<Faults>): Promise<{ made: number; did: FaultProxy['counts'][] }> {
  const pairs = await Promise.all(Array.from({ length: PAIRS }, (_, n) => makePair(n + 1)))
  for (const { proxy } of pairs) proxy.set(faults)
  let made = 0
  await Promise.all(
    pairs.map(async (pair) => {
      for (let n = 0; n < count / PAIRS; n++) if (await attempt(pair)) made++
    }),
  )
  return { made, did: pairs.map(({ proxy }) => proxy.counts) }
}

it('a session is made every time where nothing is in the way', { timeout: 600_000 }, async () => {
  const { made } = await attempts(ATTEMPTS, {})
  expect(made).toBe(ATTEMPTS)
})

it(
  'a session is made in time in more than 95 of 100 attempts though lines are slow, reset, dead and turn bits',
  { timeout: 900_000 },
  async () => {
    const { made, did } = await attempts(ATTEMPTS, { delayMs: [1, 10], reset: 0.02, swallow: 0.03, corrupt: 0.01 })
    const sum = (what: keyof FaultProxy['counts']): number => did.reduce((all, counts) => all + counts[what], 0)
    expect([sum('reset') > ATTEMPTS / 10, sum('swallowed') > 0, sum('corrupted') > 0]).toEqual([true, true, true])
    expect(made).toBeGreaterThan(ATTEMPTS * 0.95)
  },
)
