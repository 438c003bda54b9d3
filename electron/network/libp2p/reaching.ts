import { autoNAT } from '@libp2p/autonat'
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { dcutr } from '@libp2p/dcutr'
import { kadDHT, passthroughMapper, removePrivateAddressesMapper } from '@libp2p/kad-dht'
import { uPnPNAT } from '@libp2p/upnp-nat'
import { webSockets } from '@libp2p/websockets'
import type { Reachability } from '../../../shared/domain/models.ts'
import { DHT_PROTOCOL, MAX_RELAYED_CONNECTIONS, MAX_STREAMS_PER_PROTOCOL, MAX_STREAMS_WITH_RELAY, RESERVE_MS } from './limits.ts'
import type { NodeComponents, ReachingParts, TransportFactory } from './node.ts'
import type { RelayKeeper } from './relay-keeper.ts'

export interface ReachingOptions {
  level: Exclude<Reachability, 'local'>
  keeper: RelayKeeper
  loopbackOnly: boolean
  webrtc: TransportFactory | null
}

/** What reaches further than the local network. A module of its own, loaded only where it is wanted: it takes long. */
export function reachingParts({ level, keeper, loopbackOnly, webrtc }: ReachingOptions): ReachingParts {
  const streams = { maxInboundStreams: MAX_STREAMS_PER_PROTOCOL, maxOutboundStreams: MAX_STREAMS_PER_PROTOCOL }
  const relayed = circuitRelayTransport({
    maxInboundStopStreams: MAX_RELAYED_CONNECTIONS,
    maxOutboundStopStreams: MAX_RELAYED_CONNECTIONS,
    reservationConcurrency: 4,
    reservationCompletionTimeout: RESERVE_MS,
  })
  return {
    streamsPerConnection: MAX_STREAMS_WITH_RELAY,
    transports: [relayed, webSockets(), ...(webrtc === null ? [] : [webrtc])],
    services: {
      relays: (components) => keptBy(keeper, components),
      dcutr: dcutr({ maxInboundStreams: 1, maxOutboundStreams: 1 }),
      autoNAT: autoNAT(streams),
      // A router is asked by multicast to the whole network.
      ...(loopbackOnly ? {} : { upnp: uPnPNAT({ portMappingDescription: 'spacepanda' }) }),
      ...(level === 'public' ? { dht: dht({ clientMode: true, loopbackOnly }) } : {}),
    },
  }
}

/** Ours alone: those who look for members of other programs never meet us, nor we them. */
export const dht = ({ clientMode, loopbackOnly }: { clientMode: boolean; loopbackOnly: boolean }) =>
  kadDHT({
    protocol: DHT_PROTOCOL,
    clientMode,
    peerInfoMapper: loopbackOnly ? passthroughMapper : removePrivateAddressesMapper,
    maxInboundStreams: MAX_STREAMS_PER_PROTOCOL,
    maxOutboundStreams: 2 * MAX_STREAMS_PER_PROTOCOL,
  })

const keptBy = (keeper: RelayKeeper, components: NodeComponents): object => ({
  [Symbol.toStringTag]: 'spacepanda-relays',
  start: () => undefined,
  afterStart: () => keeper.start(components),
  stop: () => keeper.stop(),
})
