import { autoNAT } from '@libp2p/autonat'
import type { AddressManager, ConnectionManager } from '@libp2p/interface-internal'
import { uPnPNAT } from '@libp2p/upnp-nat'
import { MAX_STREAMS_PER_PROTOCOL } from './limits.ts'
import type { NodeComponents } from './node.ts'
import { replacing } from './replacing.ts'

/** Has others try whether they can dial us, and the router let them; `opened` is called when that has opened a port. */
export const farFactories = (loopbackOnly: boolean, opened: () => void): ((components: NodeComponents) => unknown)[] => [
  (components) =>
    autoNAT({ maxInboundStreams: MAX_STREAMS_PER_PROTOCOL, maxOutboundStreams: MAX_STREAMS_PER_PROTOCOL })(dialsAnew(components)),
  // A router is asked by multicast to the whole network.
  ...(loopbackOnly
    ? []
    : [(components: NodeComponents) => uPnPNAT({ portMappingDescription: 'spacepanda' })(tellsOpened(components, opened))]),
]

/** A port that a router opened is an address that libp2p knows and says nothing of, until four strangers have tried it (AutoNAT). */
export function tellsOpened<T extends { addressManager: AddressManager }>(components: T, opened: () => void): T {
  const { addressManager } = components
  const addPublicAddressMapping: AddressManager['addPublicAddressMapping'] = (...mapping) => {
    addressManager.addPublicAddressMapping(...mapping)
    opened()
  }
  return replacing(components, 'addressManager', replacing(addressManager, 'addPublicAddressMapping', addPublicAddressMapping))
}

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
