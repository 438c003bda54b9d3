import type { Connection, Stream } from '@libp2p/interface'
import type { ConnectionManager, Registrar } from '@libp2p/interface-internal'
import { replacing } from '../libp2p/replacing.ts'

type Measure = (stream: Stream, connection: Connection) => void

interface Measurable {
  registrar: Registrar
  connectionManager: ConnectionManager
}

/**
 * The same parts of libp2p, but every stream that whoever gets them accepts or opens is shown to `measure` first. Not by libp2p's
 * middleware: it adds the handler to the list with each stream, and so calls it once more each time (libp2p 3.3.11).
 */
export function measured<T extends Measurable>(components: T, measure: Measure): T {
  const { registrar, connectionManager } = components
  const handle: Registrar['handle'] = (protocol, handler, options) =>
    registrar.handle(
      protocol,
      (stream, connection) => {
        measure(stream, connection)
        return handler(stream, connection)
      },
      options,
    )
  const opening = (connection: Connection): Connection =>
    replacing(connection, 'newStream', async (...told) => {
      const stream = await connection.newStream(...told)
      measure(stream, connection)
      return stream
    })
  const getConnections: ConnectionManager['getConnections'] = (peerId) => connectionManager.getConnections(peerId).map(opening)
  return replacing(
    replacing(components, 'registrar', replacing(registrar, 'handle', handle)),
    'connectionManager',
    replacing(connectionManager, 'getConnections', getConnections),
  )
}
