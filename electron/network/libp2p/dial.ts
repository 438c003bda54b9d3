import { peerIdFromString } from '@libp2p/peer-id'
import type { Clock } from '../../kernel/clock.ts'
import type { PeerAddress } from '../../ports/wire.ts'
import { DialError, type Link } from '../sessions/transport.ts'
import { toDialable } from './addresses.ts'
import { toLink } from './connection-link.ts'
import { ADDRESS_DIAL_MS } from './limits.ts'
import type { Node } from './node.ts'

/** An open connection to the peer or a new one by any of its addresses, tried one after another. Fails with `DialError`. */
export async function dialPeer(node: Node, clock: Clock, peer: PeerAddress, signal: AbortSignal): Promise<Link> {
  const startedAt = clock.now()
  try {
    const open = node.getConnections(peerIdFromString(peer.peerId)).find((connection) => connection.status === 'open')
    if (open !== undefined) return toLink(open)
    const addresses = toDialable(peer)
    if (addresses.length === 0) throw new DialError('unreachable')
    return toLink(await node.dial(addresses, { signal }))
  } catch (thrown) {
    if (thrown instanceof DialError) throw thrown
    // libp2p wraps a timeout in errors of other names; what tells silence from refusal is how long it took.
    const silent = clock.now() - startedAt >= ADDRESS_DIAL_MS
    throw new DialError(signal.aborted ? 'cancelled' : silent ? 'timed-out' : 'unreachable', { cause: thrown })
  }
}
