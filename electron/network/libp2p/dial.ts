import { peerIdFromString } from '@libp2p/peer-id'
import type { PeerAddress } from '../../ports/wire.ts'
import { DialError, type Link } from '../sessions/transport.ts'
import { toDialable } from './addresses.ts'
import { toLink } from './connection-link.ts'
import type { Node } from './node.ts'

/** An open connection to the peer or a new one by any of its addresses, tried one after another. Fails with `DialError`. */
export async function dialPeer(node: Node, peer: PeerAddress, signal: AbortSignal): Promise<Link> {
  try {
    const open = node.getConnections(peerIdFromString(peer.peerId)).find((connection) => connection.status === 'open')
    if (open !== undefined) return toLink(open)
    const addresses = toDialable(peer)
    if (addresses.length === 0) throw new DialError('unreachable')
    return toLink(await node.dial(addresses, { signal }))
  } catch (thrown) {
    if (thrown instanceof DialError) throw thrown
    throw new DialError(signal.aborted ? 'cancelled' : isTimeout(thrown) ? 'timed-out' : 'unreachable', { cause: thrown })
  }
}

/** Silence from every address, rather than a refusal from any. */
function isTimeout(thrown: unknown): boolean {
  if (thrown instanceof AggregateError) return thrown.errors.length > 0 && thrown.errors.every(isTimeout)
  return thrown instanceof Error && (thrown.name === 'TimeoutError' || thrown.name === 'AbortError')
}
