import { generateKeyPair, publicKeyToProtobuf } from '@libp2p/crypto/keys'
import { kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { afterEach, describe, expect, it } from 'vitest'
import { concatBytes, utf8 } from '../../kernel/bytes.ts'
import { systemRandom } from '../../kernel/random.ts'
import { dht } from './dht.ts'
import { DHT_PROTOCOL } from './limits.ts'
import { createNode, NEAR_ONLY, type Node, type NodeComponents, type ReachingParts } from './node.ts'
import { generateTransportKey, toPrivateKey } from './transport-key.ts'

describe('the table of who is where', () => {
  const nodes: Node[] = []
  afterEach(async () => {
    for (const node of nodes.splice(0)) await node.stop()
  })

  async function started(listen: string[], services: ReachingParts['services']): Promise<Node> {
    const privateKey = await toPrivateKey(generateTransportKey(systemRandom))
    const base = { listen, gater: {}, onSeen: null, webrtc: null, sorter: () => 0 as const }
    const node = await createNode({ ...base, privateKey, reaching: { ...NEAR_ONLY, services } })
    nodes.push(node)
    await node.start()
    return node
  }

  /** A computer that keeps the table, with what it has in memory. */
  async function keeper(): Promise<{ node: Node; kept: () => Promise<string[]> }> {
    let datastore: NodeComponents['datastore'] | null = null
    const node = await started(['/ip4/127.0.0.1/tcp/0'], {
      seen: (components) => (datastore = components.datastore),
      dht: dht({ clientMode: false, loopbackOnly: true }),
    })
    const kept = async (): Promise<string[]> => {
      const keys: string[] = []
      for await (const { key } of datastore?.query({ prefix: '/dht' }) ?? []) keys.push(key.toString())
      return keys
    }
    return { node, kept }
  }

  /** One that has what libp2p makes of it, and so asks for more than we do. */
  async function stranger(keeps: Node): Promise<Node> {
    const kad = kadDHT({ protocol: DHT_PROTOCOL, clientMode: true, peerInfoMapper: passthroughMapper, allowQueryWithZeroPeers: true })
    const node = await started(['/ip4/127.0.0.1/tcp/0'], { kad })
    await node.dial(keeps.getMultiaddrs())
    await expect.poll(async () => (await node.peerStore.get(keeps.peerId)).tags.size).toBeGreaterThan(0)
    return node
  }

  it('keeps no value that a stranger puts there', async () => {
    const { node, kept } = await keeper()
    const { publicKey } = await generateKeyPair('Ed25519')
    const key = concatBytes(utf8('/pk/'), publicKey.toMultihash().bytes)
    const asker = await stranger(node)
    await asker.contentRouting.put(key, publicKeyToProtobuf(publicKey))
    expect(await kept()).toEqual([])
  })

  it('keeps nobody as the one who has something', async () => {
    const { node, kept } = await keeper()
    const { publicKey } = await generateKeyPair('RSA', 2048)
    const asker = await stranger(node)
    await asker.contentRouting.provide(publicKey.toCID())
    // It has no answer; what is asked after it has.
    await asker.services.ping.ping(node.peerId)
    expect(await kept()).toEqual([])
  })

  it('reads no question that is longer than one can be', async () => {
    const { node } = await keeper()
    const asker = await started([], {})
    const stream = await asker.dialProtocol(node.getMultiaddrs(), DHT_PROTOCOL)
    const [length, begun] = [Uint8Array.of(0x80, 0x80, 0x40), new Uint8Array(100_000)]
    stream.send(concatBytes(length, begun))
    await expect.poll(() => stream.status, { timeout: 5_000 }).toBe('reset')
  })
})
