import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { dcutr } from '@libp2p/dcutr'
import { webSockets } from '@libp2p/websockets'
import { multiaddr } from '@multiformats/multiaddr'
import type { Reachability } from '../../../shared/domain/models.ts'
import { MAX_CONNECTIONS_BY_RELAY, MAX_STREAMS_WITH_RELAY, RESERVE_MS } from './limits.ts'
import type { FarServices } from './far-services.ts'
import type { NodeComponents, ReachingParts, TransportFactory } from './node.ts'
import type { RelayKeeper } from './relay-keeper.ts'

export interface ReachingOptions {
  level: Exclude<Reachability, 'local'>
  bootstrap: readonly string[]
  keeper: RelayKeeper
  /** What runs only while others shall find us from afar. */
  far: FarServices
  loopbackOnly: boolean
  webrtc: TransportFactory | null
}

/** What reaches further than the local network. A module of its own, loaded only where it is wanted: it takes long. */
export async function reachingParts({ level, bootstrap, keeper, far, loopbackOnly, webrtc }: ReachingOptions): Promise<ReachingParts> {
  const relayed = circuitRelayTransport({
    maxInboundStopStreams: MAX_CONNECTIONS_BY_RELAY,
    maxOutboundStopStreams: MAX_CONNECTIONS_BY_RELAY,
    reservationConcurrency: 4,
    reservationCompletionTimeout: RESERVE_MS,
  })
  return {
    streamsPerConnection: MAX_STREAMS_WITH_RELAY,
    transports: [relayed, webSockets(), ...(webrtc === null ? [] : [webrtc])],
    services: {
      relays: (components) => keptBy(keeper, components),
      dcutr: dcutr({ maxInboundStreams: 1, maxOutboundStreams: 1 }),
      far: far.factory,
      ...(level === 'public' ? await publicServices(bootstrap, loopbackOnly) : {}),
    },
  }
}

async function publicServices(bootstrap: readonly string[], loopbackOnly: boolean): Promise<ReachingParts['services']> {
  const { dht } = await import('./dht.ts')
  return { dht: dht({ clientMode: true, loopbackOnly }), bootstrap: (components) => visiting(bootstrap, components) }
}

/** Begins the search: whoever is met there becomes part of the table. Those who do not answer are left alone until the next start. */
const visiting = (bootstrap: readonly string[], { connectionManager }: NodeComponents): object => ({
  [Symbol.toStringTag]: 'spacepanda-bootstrap',
  start: () => undefined,
  afterStart: () => {
    for (const address of bootstrap)
      connectionManager.openConnection(multiaddr(address), { signal: AbortSignal.timeout(RESERVE_MS) }).catch(() => undefined)
  },
  stop: () => undefined,
})

const keptBy = (keeper: RelayKeeper, components: NodeComponents): object => ({
  [Symbol.toStringTag]: 'spacepanda-relays',
  start: () => undefined,
  afterStart: () => keeper.start(components),
  stop: () => keeper.stop(),
})
