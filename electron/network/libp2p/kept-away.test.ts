import { afterEach, describe, expect, it } from 'vitest'
import { systemClock, type Clock } from '../../kernel/clock.ts'
import { silentLogger, type Logger } from '../../kernel/logger.ts'
import { systemRandom } from '../../kernel/random.ts'
import type { Redacted } from '../../kernel/redacted.ts'
import type { Network } from '../../ports/network.ts'
import {
  connect,
  createPerson,
  isReady,
  never,
  newGroup,
  pushOf,
  statusOf,
  until,
  type NetworkHarness,
  type Person,
} from '../../testing/contracts/network/harness.ts'
import { createMallory, type Mallory } from '../../testing/network/mallory.ts'
import { createNetwork, generateTransportKey } from '../create-network.ts'
import { FIRST_BAN_MS } from '../sessions/conduct.ts'

describe('over real connections a peer that sends garbage again and again', () => {
  const networks: Network[] = []
  const mallories: Mallory[] = []
  const log: string[] = []
  /** What was let pass besides the time that does by itself, in milliseconds. */
  let ahead = 0
  const clock: Clock = { now: () => systemClock.now() + ahead, after: (ms, fn) => systemClock.after(ms, fn) }
  const logger: Logger = {
    ...silentLogger,
    warn: (event, fields) => log.push(JSON.stringify({ event, ...fields })),
    child: () => logger,
  }
  let key: Redacted<Uint8Array>
  const harness: NetworkHarness = {
    create: async (handlers) => {
      key = generateTransportKey(systemRandom)
      const options = { key, loopbackOnly: true, mdns: false, webrtc: false, tcpPort: 0, endpoint: null }
      const network = await createNetwork({ handlers, clock, random: systemRandom, logger }, options)
      networks.push(network)
      await network.start()
      return network
    },
    dispose: async () => {
      await Promise.all([...networks.splice(0), ...mallories.splice(0)].map((each) => each.stop()))
    },
  }
  afterEach(async () => {
    await harness.dispose()
    log.length = 0
    ahead = 0
  })

  const mallory = async (to: Person, own?: Redacted<Uint8Array>): Promise<Mallory> => {
    const made = await createMallory(to.network.addresses(), own)
    mallories.push(made)
    return made
  }
  const logged = (event: string): string[] => log.filter((line) => line.includes(event))

  it('is cut off and turned away, for others nothing changes, and later it is let in again', async () => {
    const group = newGroup()
    const [alice, carol] = [await createPerson(harness, [group]), await createPerson(harness, [group])]
    await connect(carol, alice)
    const closed = alice.events.filter(({ name }) => name === 'closed').length
    const eve = await mallory(alice)
    await eve.offend('/spacepanda/join/4')

    expect(logged('peer-kept-away')).toEqual([
      JSON.stringify({ event: 'peer-kept-away', peer: eve.peerId.slice(-6), offence: 'frame', seconds: 60 }),
    ])
    expect(await eve.isLetIn()).toBe(false)
    // Another at the same address is another.
    expect(await (await mallory(alice)).isLetIn()).toBe(true)
    expect(isReady(alice, carol)).toBe(true)
    expect(await carol.network.push(alice.network.localPeer, pushOf(group, Uint8Array.of(1)), never)).toEqual(['stored'])
    expect(alice.events.filter(({ name }) => name === 'closed').length).toBe(closed)

    ahead = FIRST_BAN_MS
    expect(await eve.isLetIn()).toBe(true)
  })

  it('is not dialled either, as the status says, and as a member goes on once it is over', async () => {
    const group = newGroup()
    const alice = await createPerson(harness, [group])
    const bob = await createPerson(harness, [group])
    const bobsKey = key
    await connect(alice, bob)
    const twin = await mallory(alice, bobsKey)
    await twin.offend('/spacepanda/join/4')

    expect(statusOf(alice, bob)).toMatchObject({ state: 'backing-off', lastError: 'kept-away' })
    expect((statusOf(alice, bob)?.retryAt ?? 0) - clock.now()).toBeGreaterThan(FIRST_BAN_MS - 20_000)
    await twin.stop()
    bob.network.setWanted([alice.address()])
    alice.network.retryNow()
    await until(() => statusOf(bob, alice)?.state === 'backing-off', bob)
    expect([isReady(alice, bob), statusOf(alice, bob)?.lastError]).toEqual([false, 'kept-away'])

    ahead = FIRST_BAN_MS
    alice.network.retryNow()
    await until(() => isReady(alice, bob) && isReady(bob, alice), alice, bob)
    expect(await alice.network.push(bob.network.localPeer, pushOf(group, Uint8Array.of(2)), never)).toEqual(['stored'])
    expect(await bob.network.push(alice.network.localPeer, pushOf(group, Uint8Array.of(3)), never)).toEqual(['stored'])
  })
})
