import { autoNAT } from '@libp2p/autonat'
import { uPnPNAT } from '@libp2p/upnp-nat'
import { MAX_STREAMS_PER_PROTOCOL } from './limits.ts'
import type { NodeComponents } from './node.ts'

/** Has others try whether they can dial us, and the router let them. */
export const farFactories = (loopbackOnly: boolean): ((components: NodeComponents) => unknown)[] => [
  autoNAT({ maxInboundStreams: MAX_STREAMS_PER_PROTOCOL, maxOutboundStreams: MAX_STREAMS_PER_PROTOCOL }),
  // A router is asked by multicast to the whole network.
  ...(loopbackOnly ? [] : [uPnPNAT({ portMappingDescription: 'spacepanda' })]),
]
