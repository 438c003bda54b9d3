import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify, identifyPush } from '@libp2p/identify'
import { FaultTolerance, type ConnectionGater, type PeerInfo, type PrivateKey } from '@libp2p/interface'
import { mdns } from '@libp2p/mdns'
import { peerIdFromString } from '@libp2p/peer-id'
import { ping, type Ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import type { Multiaddr } from '@multiformats/multiaddr'
import { createLibp2p, type Libp2pOptions } from 'libp2p'
import {
  ADDRESS_DIAL_MS,
  MAX_CONNECTIONS,
  MAX_NEW_CONNECTIONS_PER_ADDRESS_PER_SECOND,
  MAX_PEERS_REMEMBERED,
  MAX_PENDING_INBOUND,
  MAX_STREAMS_PER_PEER,
  PING_INTERVAL_MS,
  PING_MIN_TIMEOUT_MS,
  READ_BUFFER_BYTES,
  UPGRADE_MS,
} from './limits.ts'
import { PeerMemory } from './peer-memory.ts'

export interface NodeParts {
  privateKey: PrivateKey
  listen: string[]
  gater: ConnectionGater
  /** Hears of every peer seen on the local network; null: neither look nor announce. */
  onSeen: ((peer: PeerInfo) => void) | null
  webrtc: TransportFactory | null
  /** What reaches further than the local network. */
  reaching: ReachingParts
  sorter: AddressSorter
  /** Addresses that libp2p tells others besides those it listens on. */
  announce?: () => Multiaddr[]
  /** More than a member's, for a relay. */
  maxConnections?: number
  maxPending?: number
  /** Of whom libp2p keeps what it knows however many others come. */
  isKnown?: (peerId: string) => boolean
}

export type TransportFactory = NonNullable<Libp2pOptions['transports']>[number]
type AddressSorter = NonNullable<NonNullable<Libp2pOptions['connectionManager']>['addressSorter']>

/** What libp2p gives to whatever is built in. */
export type NodeComponents = Parameters<NonNullable<NonNullable<Libp2pOptions['services']>[string]>>[0]

export interface ReachingParts {
  /** Streams of one connection together; one to a relay carries the connections of many. */
  streamsPerConnection: number
  transports: TransportFactory[]
  services: Record<string, (components: NodeComponents & { ping: Ping }) => unknown>
}

/** Nothing but the local network. */
export const NEAR_ONLY: ReachingParts = { streamsPerConnection: MAX_STREAMS_PER_PEER, transports: [], services: {} }

/** Ours alone: other libp2p programs on the network neither see these announcements nor bother us with theirs. */
const MDNS_SERVICE = '_spacepanda._udp.local'

export type Node = Awaited<ReturnType<typeof createNode>>

/** libp2p with the limits of SECURITY.md instead of its own, which would allow 37 GiB of buffers. Not started. */
export async function createNode(parts: NodeParts) {
  let isInUse = (_peerId: string): boolean => false
  const node = await createLibp2p({
    start: false,
    privateKey: parts.privateKey,
    datastore: new PeerMemory(MAX_PEERS_REMEMBERED, (peerId) => isInUse(peerId) || parts.isKnown?.(peerId) === true),
    // What identify tells strangers: nothing of version or platform.
    nodeInfo: { name: 'spacepanda', version: '1', userAgent: 'spacepanda' },
    addresses: { listen: parts.listen, announceFilter: (own) => [...own, ...(parts.announce?.() ?? [])] },
    transports: [tcp(), ...(parts.webrtc === null ? [] : [parts.webrtc]), ...parts.reaching.transports],
    transportManager: { faultTolerance: FaultTolerance.NO_FATAL },
    connectionEncrypters: [noise()],
    streamMuxers: [
      yamux({
        maxInboundStreams: parts.reaching.streamsPerConnection,
        maxOutboundStreams: parts.reaching.streamsPerConnection,
        streamOptions: {
          initialStreamWindowSize: READ_BUFFER_BYTES,
          maxStreamWindowSize: READ_BUFFER_BYTES,
          maxReadBufferLength: READ_BUFFER_BYTES,
        },
      }),
    ],
    connectionGater: parts.gater,
    connectionManager: {
      maxConnections: parts.maxConnections ?? MAX_CONNECTIONS,
      maxIncomingPendingConnections: parts.maxPending ?? MAX_PENDING_INBOUND,
      inboundConnectionThreshold: MAX_NEW_CONNECTIONS_PER_ADDRESS_PER_SECOND,
      inboundUpgradeTimeout: UPGRADE_MS,
      addressDialTimeout: ADDRESS_DIAL_MS,
      addressSorter: parts.sorter,
      // Sessions redial by themselves.
      reconnectRetries: 0,
    },
    connectionMonitor: { pingInterval: PING_INTERVAL_MS, pingTimeout: { minTimeout: PING_MIN_TIMEOUT_MS } },
    peerDiscovery: parts.onSeen === null ? [] : [discovery(parts.onSeen)],
    services: {
      identify: identify({ runOnLimitedConnection: true }),
      identifyPush: identifyPush({ runOnLimitedConnection: true }),
      ping: ping(),
      ...parts.reaching.services,
    },
  })
  isInUse = (peerId) => node.peerId.toString() === peerId || node.getConnections(peerIdFromString(peerId)).length > 0
  return node
}

/** libp2p's own `peer:discovery` event stays silent about peers its store has heard of, which are the ones we look for. */
function discovery(onSeen: (peer: PeerInfo) => void): ReturnType<typeof mdns> {
  return (components) => {
    const service = mdns({ serviceTag: MDNS_SERVICE })(components)
    service.addEventListener('peer', ({ detail }) => onSeen(detail))
    return service
  }
}
