import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { MAX_ADDRESS_CHARS, isPeerId } from '../protocols/fields.ts'
import { MAX_STUN_SERVERS } from './limits.ts'

/** Where a relay is, and who it is: a relay without a key to know it by could be anybody. */
export interface RelayAddress {
  relayId: string
  /** In the form it was parsed to, ending in `/p2p/<relayId>`. */
  address: string
}

export type AddressFault = 'malformed' | 'no-key' | 'a-name' | 'relayed'

/**
 * Reads `/ip4/203.0.113.7/tcp/4001/p2p/12D3KooW…`, with `/ws` before `/p2p` for a WebSocket. No names: looking one up tells a name
 * server which relay somebody uses, and answers can be forged.
 */
export function readRelayAddress(text: string): RelayAddress | AddressFault {
  const parts = text.length > MAX_ADDRESS_CHARS ? null : componentsOf(text.trim())
  if (parts === null) return 'malformed'
  const names = parts.map(({ name }) => name)
  if (names.includes('p2p-circuit')) return 'relayed'
  if (names.some((name) => name.startsWith('dns'))) return 'a-name'
  const relayId = parts.at(-1)
  if (relayId?.name !== 'p2p' || relayId.value === undefined || !isPeerId(relayId.value)) return 'no-key'
  if (!/^ip[46] tcp (?:ws )?p2p$/.test(names.join(' '))) return 'malformed'
  if (parts[1]?.value === '0') return 'malformed'
  return { relayId: relayId.value, address: multiaddr(text.trim()).toString() }
}

/** The relay of `<relay address>/p2p-circuit[/webrtc][/p2p/<peer>]`; null for an address that is not relayed. */
export function relayOf(address: string): RelayAddress | null {
  const [relay, rest] = address.split('/p2p-circuit')
  if (relay === undefined || rest === undefined) return null
  const read = readRelayAddress(relay)
  return typeof read === 'string' ? null : read
}

export const viaRelay = ({ address }: RelayAddress, peerId: string): string => `${address}/p2p-circuit/p2p/${peerId}`

/**
 * Where these relays tell by UDP from where one seems to come (RFC 7064): on the port of the same number; of the first of them, for one
 * would do. A WebSocket is mostly behind something that knows nothing but the web.
 */
export const stunServers = (relays: readonly RelayAddress[]): string[] =>
  [...new Set(relays.flatMap(({ address }) => stunServer(address) ?? []))].slice(0, MAX_STUN_SERVERS)

function stunServer(address: string): string | null {
  const [host, port, ...more] = componentsOf(address) ?? []
  if (host?.value === undefined || port?.value === undefined || more.some(({ name }) => name === 'ws')) return null
  return `stun:${host.name === 'ip6' ? `[${host.value}]` : host.value}:${port.value}`
}

function componentsOf(text: string): ReturnType<Multiaddr['getComponents']> | null {
  try {
    return multiaddr(text).getComponents()
  } catch {
    // whatever somebody typed
    return null
  }
}
