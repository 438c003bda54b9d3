import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify } from '@libp2p/identify'
import { FaultTolerance, type ConnectionGater, type PeerInfo, type PrivateKey } from '@libp2p/interface'
import { mdns } from '@libp2p/mdns'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { createLibp2p, type Libp2pOptions } from 'libp2p'
import { cheapFirst } from './addresses.ts'
import {
  ADDRESS_DIAL_MS,
  MAX_CONNECTIONS,
  MAX_NEW_CONNECTIONS_PER_ADDRESS_PER_SECOND,
  MAX_PENDING_INBOUND,
  MAX_STREAMS_PER_PEER,
  PING_INTERVAL_MS,
  PING_MIN_TIMEOUT_MS,
  READ_BUFFER_BYTES,
  UPGRADE_MS,
} from './limits.ts'

export interface NodeParts {
  privateKey: PrivateKey
  listen: string[]
  gater: ConnectionGater
  /** Hears of every peer seen on the local network; null: neither look nor announce. */
  onSeen: ((peer: PeerInfo) => void) | null
  webrtc: NonNullable<Libp2pOptions['transports']>[number] | null
}

/** Ours alone: other libp2p programs on the network neither see these announcements nor bother us with theirs. */
const MDNS_SERVICE = '_spacepanda._udp.local'

export type Node = Awaited<ReturnType<typeof createNode>>

/** libp2p with the limits of SECURITY.md instead of its own, which would allow 37 GiB of buffers. Not started. */
export function createNode(parts: NodeParts) {
  return createLibp2p({
    start: false,
    privateKey: parts.privateKey,
    // What identify tells strangers: nothing of version or platform.
    nodeInfo: { name: 'spacepanda', version: '1', userAgent: 'spacepanda' },
    addresses: { listen: parts.listen },
    transports: parts.webrtc === null ? [tcp()] : [tcp(), parts.webrtc],
    transportManager: { faultTolerance: FaultTolerance.NO_FATAL },
    connectionEncrypters: [noise()],
    streamMuxers: [
      yamux({
        maxInboundStreams: MAX_STREAMS_PER_PEER,
        maxOutboundStreams: MAX_STREAMS_PER_PEER,
        streamOptions: {
          initialStreamWindowSize: READ_BUFFER_BYTES,
          maxStreamWindowSize: READ_BUFFER_BYTES,
          maxReadBufferLength: READ_BUFFER_BYTES,
        },
      }),
    ],
    connectionGater: parts.gater,
    connectionManager: {
      maxConnections: MAX_CONNECTIONS,
      maxIncomingPendingConnections: MAX_PENDING_INBOUND,
      inboundConnectionThreshold: MAX_NEW_CONNECTIONS_PER_ADDRESS_PER_SECOND,
      inboundUpgradeTimeout: UPGRADE_MS,
      addressDialTimeout: ADDRESS_DIAL_MS,
      addressSorter: cheapFirst,
      // Sessions redial by themselves.
      reconnectRetries: 0,
    },
    connectionMonitor: { pingInterval: PING_INTERVAL_MS, pingTimeout: { minTimeout: PING_MIN_TIMEOUT_MS } },
    peerDiscovery: parts.onSeen === null ? [] : [discovery(parts.onSeen)],
    services: { identify: identify(), ping: ping() },
  })
}

/** libp2p's own `peer:discovery` event stays silent about peers its store has heard of, which are the ones we look for. */
function discovery(onSeen: (peer: PeerInfo) => void): ReturnType<typeof mdns> {
  return (components) => {
    const service = mdns({ serviceTag: MDNS_SERVICE })(components)
    service.addEventListener('peer', ({ detail }) => onSeen(detail))
    return service
  }
}
