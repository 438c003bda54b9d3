import type { Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, describe, expect, it } from 'vitest'
import { concatBytes, equalBytes } from '../../kernel/bytes.ts'
import { systemClock } from '../../kernel/clock.ts'
import { systemRandom } from '../../kernel/random.ts'
import { generateTransportKey } from '../create-network.ts'
import { READ_BUFFER_BYTES, RELAY_PROTOCOLS } from '../libp2p/limits.ts'
import { createNode, NEAR_ONLY, type Node } from '../libp2p/node.ts'
import { toPrivateKey } from '../libp2p/transport-key.ts'
import { createRelay, type Relay, type RelayOptions } from './create-relay.ts'
import { UNSENT_BYTES } from './relay-limits.ts'

const [HOP = '', STOP = ''] = RELAY_PROTOCOLS
const MIB = 1024 * 1024

/** Messages of circuit relay v2 as the wire has them: a length, and the fields of which a stranger has need. */
const RESERVE = Uint8Array.of(2, 0x08, 0)
const STOP_OK = Uint8Array.of(4, 0x08, 1, 0x20, 100)
const connectTo = (peer: Uint8Array): Uint8Array =>
  Uint8Array.of(6 + peer.length, 0x08, 1, 0x12, 2 + peer.length, 0x0a, peer.length, ...peer)

describe('what one end of a circuit does not take', () => {
  const ends: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })

  async function relayWith(limits: NonNullable<RelayOptions['limits']>): Promise<Relay> {
    const key = generateTransportKey(systemRandom)
    const relay = await createRelay({ clock: systemClock }, { key, listen: ['/ip4/127.0.0.1/tcp/0'], privateNetwork: true, limits })
    ends.push(() => relay.stop())
    return relay
  }
  async function stranger(): Promise<Node> {
    const base = { listen: [], gater: {}, onSeen: null, webrtc: null, reaching: NEAR_ONLY, sorter: () => 0 as const }
    const node = await createNode({ ...base, privateKey: await toPrivateKey(generateTransportKey(systemRandom)) })
    await node.start()
    ends.push(async () => node.stop())
    return node
  }
  const answered = (stream: Stream): Promise<unknown> =>
    new Promise((resolve) => stream.addEventListener('message', resolve, { once: true }))

  /** A stream of one stranger that the relay joined to one of another, whose connections are theirs alone. */
  async function circuit(relay: Relay): Promise<{ near: Stream; far: Stream; arrived: () => Uint8Array }> {
    const [from, to] = [await stranger(), await stranger()]
    const address = multiaddr(relay.addresses()[0] ?? '')
    const opened = Promise.withResolvers<Stream>()
    await to.handle(STOP, async (stream) => {
      await answered(stream)
      stream.send(STOP_OK)
      opened.resolve(stream)
    })
    const asked = async (node: Node, request: Uint8Array): Promise<Stream> => {
      const stream = await node.dialProtocol(address, HOP)
      stream.send(request)
      await answered(stream)
      return stream
    }
    await asked(to, RESERVE)
    const near = await asked(from, connectTo(to.peerId.toMultihash().bytes))
    const far = await opened.promise
    const pieces: Uint8Array[] = []
    far.addEventListener('message', ({ data }) => pieces.push(data.subarray()))
    return { near, far, arrived: () => concatBytes(...pieces) }
  }

  it('is not read of the other, and arrives once it is taken', async () => {
    const relay = await relayWith({})
    const { near, far, arrived } = await circuit(relay)
    far.pause()
    const sent = systemRandom.bytes(3 * MIB)
    near.send(sent)
    await expect.poll(() => relay.counts().heldBytes).toBeGreaterThan(UNSENT_BYTES)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(relay.counts().heldBytes).toBeLessThanOrEqual(UNSENT_BYTES + 2 * READ_BUFFER_BYTES)
    expect(near.writeBufferLength).toBeGreaterThan(MIB)
    far.resume()
    await expect.poll(() => arrived().length).toBe(sent.length)
    expect(equalBytes(arrived(), sent)).toBe(true)
    expect(relay.counts().heldBytes).toBe(0)
  })

  it('arrives also when the other says meanwhile that it is through', async () => {
    const relay = await relayWith({})
    const { near, far, arrived } = await circuit(relay)
    far.pause()
    near.send(new Uint8Array(3 * UNSENT_BYTES))
    await expect.poll(() => near.writeBufferLength).toBe(0)
    await near.close()
    await expect.poll(() => far.remoteWriteStatus, { timeout: 300 }).toBe('writable')
    far.resume()
    await expect.poll(() => arrived().length).toBe(3 * UNSENT_BYTES)
  })

  it('costs the one that waits the longest its circuit, where it is too much of all together', async () => {
    const relay = await relayWith({ heldBytes: 2 * MIB })
    const stalled: Stream[] = []
    for (let i = 0; i < 3; i += 1) {
      const { near, far } = await circuit(relay)
      far.pause()
      near.send(new Uint8Array(2 * MIB))
      stalled.push(near)
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    await expect.poll(() => stalled.map(({ status }) => status)).toEqual(['reset', 'open', 'open'])
    expect(relay.counts().heldBytes).toBeLessThanOrEqual(2 * MIB)
    const { near, arrived } = await circuit(relay)
    near.send(Uint8Array.of(1))
    await expect.poll(arrived).toEqual(Uint8Array.of(1))
  })

  it('is cut off where it is no request that anybody would make', async () => {
    const relay = await relayWith({})
    const node = await stranger()
    const stream = await node.dialProtocol(multiaddr(relay.addresses()[0] ?? ''), HOP)
    stream.send(Uint8Array.of(0x80, 0x80, 0x40, ...new Uint8Array(100_000)))
    await expect.poll(() => stream.status, { timeout: 5_000 }).toBe('reset')
  })
})
