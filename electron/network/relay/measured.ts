import { AsyncLocalStorage } from 'node:async_hooks'
import type { Connection, Stream } from '@libp2p/interface'
import type { ConnectionManager, Registrar } from '@libp2p/interface-internal'
import { replacing } from '../libp2p/replacing.ts'

/** The stream to use instead. `cause`: in answer to which it is opened, as it was returned here; null for one that is accepted. */
type Measure = (stream: Stream, connection: Connection, cause: Stream | null) => Stream

interface Measurable {
  registrar: Registrar
  connectionManager: ConnectionManager
}

/**
 * The same parts of libp2p, but `measure` stands between them and every stream that whoever gets them accepts or opens. Not by libp2p's
 * middleware: it adds the handler to the list with each stream, and so calls it once more each time (libp2p 3.3.11).
 */
export function measured<T extends Measurable>(components: T, measure: Measure): T {
  const { registrar, connectionManager } = components
  const causes = new AsyncLocalStorage<Stream>()
  const handle: Registrar['handle'] = (protocol, handler, options) =>
    registrar.handle(
      protocol,
      (stream, connection) => {
        const accepted = measure(stream, connection, null)
        return causes.run(accepted, () => handler(accepted, connection))
      },
      options,
    )
  const opening = (connection: Connection): Connection =>
    replacing(connection, 'newStream', async (...told) => {
      const cause = causes.getStore() ?? null
      return measure(await connection.newStream(...told), connection, cause)
    })
  const getConnections: ConnectionManager['getConnections'] = (peerId) => connectionManager.getConnections(peerId).map(opening)
  return replacing(
    replacing(components, 'registrar', replacing(registrar, 'handle', handle)),
    'connectionManager',
    replacing(connectionManager, 'getConnections', getConnections),
  )
}
