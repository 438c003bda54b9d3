import { kadDHT, passthroughMapper, removePrivateAddressesMapper, type KadDHT, type KadDHTComponents } from '@libp2p/kad-dht'
import { DHT_PROTOCOL, MAX_QUESTION_BYTES, MAX_STREAMS_PER_PROTOCOL } from './limits.ts'
import { replacing } from './replacing.ts'

/** Ours alone: those who look for members of other programs never meet us, nor we them. It answers who is where, and keeps nothing else. */
export const dht =
  ({ clientMode, loopbackOnly }: { clientMode: boolean; loopbackOnly: boolean }) =>
  (components: KadDHTComponents): KadDHT =>
    kadDHT({
      protocol: DHT_PROTOCOL,
      clientMode,
      peerInfoMapper: loopbackOnly ? passthroughMapper : removePrivateAddressesMapper,
      maxInboundStreams: MAX_STREAMS_PER_PROTOCOL,
      maxOutboundStreams: 2 * MAX_STREAMS_PER_PROTOCOL,
    })(bounded(components))

/**
 * Kademlia also keeps values and providers for whoever brings them, in memory, as many and as large as they are (kad-dht 16.4.5). Nobody
 * here asks for these, so what would be kept is refused, and what is longer than any question is read no further.
 */
function bounded(components: KadDHTComponents): KadDHTComponents {
  const { datastore, registrar } = components
  const put: typeof datastore.put = () => Promise.reject(new Error('nothing is kept here'))
  const handle: typeof registrar.handle = (protocol, handler, options) =>
    registrar.handle(
      protocol,
      (stream, connection) => {
        let bytes = 0
        stream.addEventListener('message', ({ data }) => {
          bytes += data.byteLength
          if (bytes > MAX_QUESTION_BYTES) stream.abort(new Error('too long a question'))
        })
        return handler(stream, connection)
      },
      options,
    )
  return replacing(
    replacing(components, 'datastore', replacing(datastore, 'put', put)),
    'registrar',
    replacing(registrar, 'handle', handle),
  )
}
