import type { Connection, Stream } from '@libp2p/interface'
import type { ConnectionManager, Registrar } from '@libp2p/interface-internal'

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

/** The object as it is, with one member of it replaced. Not a copy: its own methods go on seeing what they are made for. */
function replacing<T extends object, K extends keyof T>(target: T, name: K, instead: T[K]): T {
  return new Proxy(target, {
    get: (from, key) => {
      if (key === name) return instead
      const member: unknown = Reflect.get(from, key, from)
      return typeof member === 'function' ? (member.bind(from) as unknown) : member
    },
  })
}
