import { kadDHT, passthroughMapper, removePrivateAddressesMapper } from '@libp2p/kad-dht'
import { DHT_PROTOCOL, MAX_STREAMS_PER_PROTOCOL } from './limits.ts'

/** Ours alone: those who look for members of other programs never meet us, nor we them. */
export const dht = ({ clientMode, loopbackOnly }: { clientMode: boolean; loopbackOnly: boolean }) =>
  kadDHT({
    protocol: DHT_PROTOCOL,
    clientMode,
    peerInfoMapper: loopbackOnly ? passthroughMapper : removePrivateAddressesMapper,
    maxInboundStreams: MAX_STREAMS_PER_PROTOCOL,
    maxOutboundStreams: 2 * MAX_STREAMS_PER_PROTOCOL,
  })
