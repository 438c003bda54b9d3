import { autoNAT } from '@libp2p/autonat'
import type { ConnectionManager } from '@libp2p/interface-internal'
import { uPnPNAT } from '@libp2p/upnp-nat'
import { MAX_STREAMS_PER_PROTOCOL } from './limits.ts'
import type { NodeComponents } from './node.ts'
import { replacing } from './replacing.ts'

/** Has others try whether they can dial us, and the router let them. */
export const farFactories = (loopbackOnly: boolean): ((components: NodeComponents) => unknown)[] => [
  (components) =>
    autoNAT({ maxInboundStreams: MAX_STREAMS_PER_PROTOCOL, maxOutboundStreams: MAX_STREAMS_PER_PROTOCOL })(dialsAnew(components)),
  // A router is asked by multicast to the whole network.
  ...(loopbackOnly ? [] : [uPnPNAT({ portMappingDescription: 'spacepanda' })]),
]

/**
 * Who is asked whether an address leads there dials it and hangs up. Given a connection that is open already, AutoNAT would hang up that
 * one, and with it the session that stands on it: two members with public addresses would lose each other again and again (3.0.28).
 */
export function dialsAnew<T extends { connectionManager: ConnectionManager }>(components: T): T {
  const { connectionManager } = components
  const openConnection: ConnectionManager['openConnection'] = (target, options) =>
    connectionManager.openConnection(target, { ...options, force: !Array.isArray(target) })
  return replacing(components, 'connectionManager', replacing(connectionManager, 'openConnection', openConnection))
}
