import type { Connection, ConnectionGater } from '@libp2p/interface'
import { MAX_CONNECTIONS_BY_RELAY, MAX_CONNECTIONS_FROM_LOOPBACK, MAX_CONNECTIONS_PER_ADDRESS, MAX_STRANGERS } from './limits.ts'

export interface GaterDeps {
  connections(): readonly Connection[]
  isKnown(peerId: string): boolean
}

/** Turns away what is too much of one address, and strangers beyond a number; members always find a place. */
export function createGater(deps: GaterDeps): ConnectionGater {
  return {
    denyInboundConnection: (inbound) => {
      const address = inbound.remoteAddr.toString()
      const from = hostOf(address)
      const same = deps
        .connections()
        .filter(
          (open) => isRelayed(open.remoteAddr.toString()) === isRelayed(address) && hostOf(open.remoteAddr.toString()) === from,
        ).length
      if (isRelayed(address)) return same >= MAX_CONNECTIONS_BY_RELAY
      return same >= (isLoopback(from) ? MAX_CONNECTIONS_FROM_LOOPBACK : MAX_CONNECTIONS_PER_ADDRESS)
    },
    denyInboundUpgradedConnection: (peerId) => {
      if (deps.isKnown(peerId.toString())) return false
      const strangers = deps.connections().filter((open) => open.direction === 'inbound' && !deps.isKnown(open.remotePeer.toString()))
      return strangers.length >= MAX_STRANGERS
    },
  }
}

/** `/ip4/1.2.3.4` of a multiaddr: who it comes from, whatever the port and protocol. */
export const hostOf = (address: string): string => address.split('/').slice(0, 3).join('/')

const isRelayed = (address: string): boolean => address.includes('/p2p-circuit')

const isLoopback = (host: string): boolean => host.startsWith('/ip4/127.') || host === '/ip6/::1'
