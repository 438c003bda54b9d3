import type { Connection, ConnectionGater, PeerId } from '@libp2p/interface'
import { wide } from './addresses.ts'
import { MAX_CONNECTIONS_BY_RELAY, MAX_CONNECTIONS_FROM_LOOPBACK, MAX_CONNECTIONS_PER_ADDRESS, MAX_STRANGERS } from './limits.ts'

export interface GaterDeps {
  connections(): readonly Connection[]
  isKnown(peerId: string): boolean
  /** It did what no honest peer does (`sessions/conduct.ts`). Asked once Noise has proven who it is: before that anybody could claim the id. */
  isKeptAway(peerId: string): boolean
}

/** Turns away what is too much of one address, strangers beyond a number, and who is kept away; other members always find a place. */
export function createGater(deps: GaterDeps): ConnectionGater {
  const denyKeptAway = (peerId: PeerId): boolean => deps.isKeptAway(peerId.toString())
  return {
    denyDialPeer: denyKeptAway,
    denyInboundEncryptedConnection: denyKeptAway,
    denyOutboundEncryptedConnection: denyKeptAway,
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

/**
 * `/ip4/1.2.3.4` of a multiaddr, or `/ip6/2001:db8:1:2::`: who it comes from, whatever the port and protocol. An IPv6 network of 64 bits is
 * one machine's, which has all its addresses (RFC 4291 §2.5.1); except for that of a link, which is of all who are on it, and IPv4 as IPv6 sees it.
 */
export function hostOf(address: string): string {
  const [, ip6] = /^(?:\/ip6zone\/[^/]+)?\/ip6\/([^/]+)/.exec(address) ?? []
  if (ip6 === undefined) return address.split('/').slice(0, 3).join('/')
  const [, mapped] = /^::ffff:([0-9a-f]+:[0-9a-f]+|[\d.]+)$/i.exec(ip6) ?? []
  if (mapped !== undefined) return `/ip4/${mapped.includes('.') ? mapped : dotted(mapped)}`
  return isOneMachine(ip6) ? `/ip6/${ip6}` : `/ip6/${wide(ip6).slice(0, 4).join(':')}::`
}

const isOneMachine = (ip6: string): boolean => /^(?:::1$|fe[89ab][0-9a-f]:)/i.test(ip6)

/** `102:304` as `1.2.3.4`. */
function dotted(groups: string): string {
  const bytes = groups.split(':').flatMap((group) => [parseInt(group, 16) >>> 8, parseInt(group, 16) & 255])
  return bytes.join('.')
}

const isRelayed = (address: string): boolean => address.includes('/p2p-circuit')

const isLoopback = (host: string): boolean => host.startsWith('/ip4/127.') || host === '/ip6/::1'
