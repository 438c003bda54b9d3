import { peerIdFromString } from '@libp2p/peer-id'
import type { Connection } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
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
import { createNetwork, generateTransportKey } from '../create-network.ts'
import { FIRST_BAN_MS } from '../sessions/conduct.ts'
import { createNode, NEAR_ONLY, type Node } from './node.ts'
import { toPrivateKey } from './transport-key.ts'

const GARBAGE = new Uint8Array(1_000).fill(0xee)

describe('over real connections a peer that sends garbage again and again', () => {
  const networks: Network[] = []
  const nodes: Node[] = []
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
      await Promise.all([...networks.splice(0), ...nodes.splice(0)].map((each) => each.stop()))
    },
  }
  afterEach(async () => {
    await harness.dispose()
    log.length = 0
    ahead = 0
  })

  /** A libp2p of its own, with no manners, under that key. */
  const mallory = async (own: Redacted<Uint8Array>): Promise<Node> => {
    const node = await createNode({
      privateKey: await toPrivateKey(own),
      ...{ listen: [], gater: {}, onSeen: null, webrtc: null, reaching: NEAR_ONLY, sorter: () => 0 },
    })
    nodes.push(node)
    await node.start()
    return node
  }
  const dial = (node: Node, to: Person): Promise<Connection> => node.dial(to.network.addresses().map((address) => multiaddr(address)))
  /** Gives what it is cut off with, once it is; fails if it never is. */
  const offend = async (connection: Connection, protocol: string): Promise<void> => {
    for (let i = 0; i < 20 && connection.status === 'open'; i += 1) {
      try {
        const stream = await connection.newStream(protocol)
        if (stream.status === 'open') stream.send(GARBAGE)
        await new Promise<void>((resolve) => {
          if (stream.status === 'open') stream.addEventListener('close', () => resolve(), { once: true })
          else resolve()
        })
      } catch {
        // it was cut off while it opened another
      }
    }
    await expect.poll(() => connection.status).not.toBe('open')
  }
  /** Dialled and let in for long enough to say something. */
  const isLetIn = async (node: Node, to: Person): Promise<boolean> => {
    try {
      const connection = await dial(node, to)
      await node.services.ping.ping(peerIdFromString(to.network.localPeer), { signal: AbortSignal.timeout(2_000) })
      return connection.status === 'open'
    } catch {
      // turned away, at whichever step
      return false
    }
  }
  const logged = (event: string): string[] => log.filter((line) => line.includes(event))

  it('is cut off and turned away, for others nothing changes, and later it is let in again', async () => {
    const group = newGroup()
    const [alice, carol] = [await createPerson(harness, [group]), await createPerson(harness, [group])]
    await connect(carol, alice)
    const closed = alice.events.filter(({ name }) => name === 'closed').length
    const eve = await mallory(generateTransportKey(systemRandom))
    await offend(await dial(eve, alice), '/spacepanda/join/3')

    expect(logged('peer-kept-away')).toEqual([
      JSON.stringify({ event: 'peer-kept-away', peer: eve.peerId.toString().slice(-6), offence: 'frame', seconds: 60 }),
    ])
    expect(await isLetIn(eve, alice)).toBe(false)
    // Another at the same address is another.
    expect(await isLetIn(await mallory(generateTransportKey(systemRandom)), alice)).toBe(true)
    expect(isReady(alice, carol)).toBe(true)
    expect(await carol.network.push(alice.network.localPeer, pushOf(group, Uint8Array.of(1)), never)).toEqual(['stored'])
    expect(alice.events.filter(({ name }) => name === 'closed').length).toBe(closed)

    ahead = FIRST_BAN_MS
    expect(await isLetIn(eve, alice)).toBe(true)
  })

  it('is not dialled either, as the status says, and as a member goes on once it is over', async () => {
    const group = newGroup()
    const alice = await createPerson(harness, [group])
    const bob = await createPerson(harness, [group])
    const bobsKey = key
    await connect(alice, bob)
    const node = await mallory(bobsKey)
    await offend(await dial(node, alice), '/spacepanda/join/3')

    expect(statusOf(alice, bob)).toMatchObject({ state: 'backing-off', lastError: 'kept-away' })
    expect((statusOf(alice, bob)?.retryAt ?? 0) - clock.now()).toBeGreaterThan(FIRST_BAN_MS - 20_000)
    await node.stop()
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
