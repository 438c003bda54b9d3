import { peerIdFromString } from '@libp2p/peer-id'
import type { Connection } from '@libp2p/interface'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import type { Clock } from '../../kernel/clock.ts'
import type { PeerAddress } from '../../ports/wire.ts'
import { DialError } from '../sessions/transport.ts'
import { MAX_ADDRESSES, toDialable, type DialRules } from './addresses.ts'
import { ADDRESS_DIAL_MS, LOOK_UP_MS } from './limits.ts'
import type { Node } from './node.ts'

/** An open connection to the peer or a new one by any of its addresses, tried one after another. Fails with `DialError`. */
export async function dialPeer(
  node: Node,
  clock: Clock,
  peer: PeerAddress,
  { rules, signal }: { rules: DialRules; signal: AbortSignal },
): Promise<Connection> {
  const startedAt = clock.now()
  try {
    const [open] = openTo(node, peer)
    if (open !== undefined) return open
    const addresses = toDialable(peer, rules)
    if (addresses.length === 0) throw new DialError('unreachable')
    return await node.dial(addresses, { signal })
  } catch (thrown) {
    if (thrown instanceof DialError) throw thrown
    // libp2p wraps a timeout in errors of other names; what tells silence from refusal is how long it took.
    const silent = clock.now() - startedAt >= ADDRESS_DIAL_MS
    throw new DialError(signal.aborted ? 'cancelled' : silent ? 'timed-out' : 'unreachable', { cause: thrown })
  }
}

/** A connection that nobody relays, beside one that somebody does; null if none can be had. */
export async function dialDirect(
  node: Node,
  peer: PeerAddress,
  { rules, webrtc, signal }: { rules: DialRules; webrtc: boolean; signal: AbortSignal },
): Promise<Connection | null> {
  const open = openTo(node, peer).find(({ direct }) => direct)
  if (open !== undefined) return open
  const known = toDialable(peer, rules)
  // WebRTC is introduced by the relay, and goes straight through whatever each side's router lets out.
  const byRelay = webrtc ? known.filter(isRelayed) : []
  const introduced = byRelay.map((address) => multiaddr(address.toString().replace('/p2p-circuit/p2p/', '/p2p-circuit/webrtc/p2p/')))
  const addresses = [...known.filter((address) => !isRelayed(address)), ...introduced]
  if (addresses.length === 0) return null
  try {
    return await node.dial(addresses, { signal, force: true })
  } catch {
    // what relays go on being for
    return null
  }
}

/** Where the table of the public network says that the peer is: a hint, for the connection proves who answers there. */
export async function lookUp(node: Node, peerId: string, signal: AbortSignal): Promise<string[]> {
  try {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(LOOK_UP_MS)])
    const found = await node.peerRouting.findPeer(peerIdFromString(peerId), { signal: bounded, useCache: false })
    return found.multiaddrs.map(String).slice(0, MAX_ADDRESSES)
  } catch {
    // nobody there knows it
    return []
  }
}

const isRelayed = (address: Multiaddr): boolean => /\/p2p-circuit\/p2p\//.test(address.toString())

/** Direct ones first. */
const openTo = (node: Node, { peerId }: PeerAddress): Connection[] =>
  node
    .getConnections(peerIdFromString(peerId))
    .filter(({ status }) => status === 'open')
    .sort((a, b) => Number(b.direct) - Number(a.direct))
