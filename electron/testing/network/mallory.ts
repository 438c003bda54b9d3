import { multiaddr } from '@multiformats/multiaddr'
import { peerIdFromString } from '@libp2p/peer-id'
import { systemRandom } from '../../kernel/random.ts'
import type { Redacted } from '../../kernel/redacted.ts'
import { generateTransportKey } from '../../network/create-network.ts'
import { createNode, NEAR_ONLY } from '../../network/libp2p/node.ts'
import { toPrivateKey } from '../../network/libp2p/transport-key.ts'

/** Somebody with a libp2p of their own and no manners, at the addresses of one peer. */
export interface Mallory {
  readonly peerId: string
  /** Sends bytes that are no frame, each time on a stream of its own, until the connection is cut off. Fails if it never is. */
  offend(protocol: string): Promise<void>
  /** Whether a connection comes about by which a ping goes there and back. */
  isLetIn(): Promise<boolean>
  stop(): Promise<void>
}

const GARBAGE = new Uint8Array(1_000).fill(0xee)
const ENOUGH = 20
/** That the other end closed is heard in some milliseconds. */
const CUT_MS = 2_000
/** A ping on loopback takes some milliseconds. */
const PING_MS = 2_000

export async function createMallory(
  addresses: readonly string[],
  key: Redacted<Uint8Array> = generateTransportKey(systemRandom),
): Promise<Mallory> {
  const node = await createNode({
    privateKey: await toPrivateKey(key),
    ...{ listen: [], gater: {}, onSeen: null, webrtc: null, reaching: NEAR_ONLY, sorter: () => 0 },
  })
  await node.start()
  const dial = () => node.dial(addresses.map((address) => multiaddr(address)))
  return {
    peerId: node.peerId.toString(),
    stop: async () => node.stop(),
    offend: async (protocol) => {
      const connection = await dial()
      const cut = new Promise<void>((resolve) => connection.addEventListener('close', () => resolve(), { once: true }))
      for (let i = 0; i < ENOUGH && connection.status === 'open'; i += 1) {
        try {
          const stream = await connection.newStream(protocol)
          const over = new Promise<void>((resolve) => stream.addEventListener('close', () => resolve(), { once: true }))
          if (stream.status === 'open') stream.send(GARBAGE)
          await Promise.race([over, cut])
        } catch {
          // it was cut off while it opened another
        }
      }
      const taken = new Promise<never>((_, reject) =>
        setTimeout(() => reject(new Error('garbage was taken as long as it was sent')), CUT_MS).unref(),
      )
      await Promise.race([cut, taken])
    },
    isLetIn: async () => {
      try {
        const { remotePeer } = await dial()
        await node.services.ping.ping(peerIdFromString(remotePeer.toString()), { signal: AbortSignal.timeout(PING_MS) })
        return true
      } catch {
        // turned away, at whichever step
        return false
      }
    },
  }
}
