import { UnsupportedProtocolError } from '@libp2p/interface'
import type { Connection } from '@libp2p/interface'
import type { PeerId } from '../../../shared/domain/ids.ts'
import type { ByteDuplex } from '../channel/byte-duplex.ts'
import { UnknownProtocol } from '../sessions/transport.ts'
import type { Link } from '../sessions/transport.ts'
import { RELAY_PROTOCOLS, MAX_STREAMS_PER_PROTOCOL, UPGRADE_MS } from './limits.ts'
import { toByteDuplex } from './stream-duplex.ts'

const links = new WeakMap<Connection, Link>()

export interface LinkFacts {
  /** Whether we want a place on that peer. */
  isRelay(peerId: string): boolean
  isNear(address: string): boolean
}

/** The one link of a libp2p connection. */
export function toLink(connection: Connection, { isRelay, isNear }: LinkFacts): Link {
  const known = links.get(connection)
  if (known !== undefined) return known
  const link: Link = {
    id: connection.id,
    peerId: connection.remotePeer.toString() as PeerId,
    relayed: !connection.direct,
    near: isNear(connection.remoteAddr.toString()),
    carriesOthers: () =>
      isRelay(connection.remotePeer.toString()) || connection.streams.some(({ protocol }) => RELAY_PROTOCOLS.includes(protocol)),
    openStream: (protocol, signal) => openStream(connection, protocol, signal),
    onClose: (listener) => {
      if (connection.status === 'open') connection.addEventListener('close', () => listener(), { once: true })
      else listener()
    },
    close: () => {
      connection.close().catch((thrown: unknown) => connection.abort(thrown instanceof Error ? thrown : new Error('close failed')))
    },
  }
  links.set(connection, link)
  return link
}

async function openStream(connection: Connection, protocol: string, signal: AbortSignal): Promise<ByteDuplex> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(UPGRADE_MS)])
  // Whoever relays may end it early; what was sent and not acknowledged goes again then.
  const options = { signal: bounded, maxOutboundStreams: MAX_STREAMS_PER_PROTOCOL, runOnLimitedConnection: true }
  try {
    return toByteDuplex(await connection.newStream(protocol, options))
  } catch (cause) {
    throw cause instanceof Error && cause.name === UnsupportedProtocolError.name ? new UnknownProtocol(protocol, { cause }) : cause
  }
}
