import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, expect, it } from 'vitest'
import { systemRandom } from '../../kernel/random.ts'
import { MAX_PEERS_REMEMBERED } from './limits.ts'
import { createNode, NEAR_ONLY } from './node.ts'
import type { Node } from './node.ts'
import { generateTransportKey, peerIdOf, toPrivateKey } from './transport-key.ts'

const nodes: Node[] = []
afterEach(async () => {
  for (const node of nodes.splice(0)) await node.stop()
})

async function start(isKnown: (peerId: string) => boolean = () => false): Promise<Node> {
  const base = { listen: ['/ip4/127.0.0.1/tcp/0'], gater: {}, onSeen: null, webrtc: null, reaching: NEAR_ONLY, sorter: () => 0 as const }
  const node = await createNode({ ...base, isKnown, privateKey: await toPrivateKey(generateTransportKey(systemRandom)) })
  nodes.push(node)
  await node.start()
  return node
}
const anybody = () => peerIdOf(generateTransportKey(systemRandom))

it('keeps of peers without number as many as it says, and all who are connected or known, and itself', async () => {
  const known = await anybody()
  const other = await start()
  const node = await start((peerId) => peerId === known)
  await node.dial(other.getMultiaddrs())
  const met = (peerId: string) => node.peerStore.merge(peerIdFromString(peerId), { multiaddrs: [multiaddr('/ip4/192.0.2.1/tcp/1')] })
  const early = await anybody()
  for (const peerId of [known, early]) await met(peerId)
  let last = ''
  for (let i = 0; i < MAX_PEERS_REMEMBERED + 10; i += 1) await met((last = await anybody()))
  const kept = (await node.peerStore.all()).map(({ id }) => id.toString())
  expect(kept.length).toBeLessThanOrEqual(MAX_PEERS_REMEMBERED)
  expect(kept.length).toBeGreaterThan(MAX_PEERS_REMEMBERED / 2)
  expect([known, other.peerId.toString(), early, last].map((peerId) => kept.includes(peerId))).toEqual([true, true, false, true])
  expect((await node.peerStore.get(peerIdFromString(known))).addresses).toHaveLength(1)
  expect(await node.peerStore.has(node.peerId)).toBe(true)
})
