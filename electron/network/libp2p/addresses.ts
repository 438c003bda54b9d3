import { networkInterfaces } from 'node:os'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import type { PeerAddress } from '../../ports/wire.ts'
import type { Endpoint } from './endpoint.ts'
import { relayOf } from './relay-address.ts'

/** `PeerAddress`: at most 16. */
export const MAX_ADDRESSES = 16

export interface Host {
  family: 4 | 6
  address: string
}

/** The addresses others may reach this machine by: those of its networks first, loopback last, for a second profile on the same machine. */
export function localHosts(loopbackOnly: boolean): Host[] {
  const loopback: Host = { family: 4, address: '127.0.0.1' }
  if (loopbackOnly) return [loopback]
  const hosts = Object.values(networkInterfaces())
    .flatMap((interfaces) => interfaces ?? [])
    // A link-local address means nothing without the name of the interface, which differs at the other end.
    .filter(({ internal, address }) => !internal && !/^(?:fe[89ab]|169\.254\.)/i.test(address))
    .map(({ family, address }): Host => ({ family: family === 'IPv6' ? 6 : 4, address }))
    .sort((a, b) => a.family - b.family || (a.address < b.address ? -1 : 1))
  return [...hosts, loopback]
}

/** Multiaddrs of one endpoint on these hosts, each ending in the peer id; TCP before WebRTC, at most 16. */
export function announced(hosts: readonly Host[], endpoint: Endpoint, peerId: string): string[] {
  const tcp = hosts.map(({ family, address }) => `/ip${family}/${address}/tcp/${endpoint.tcpPort}/p2p/${peerId}`)
  const { webrtc } = endpoint
  const direct =
    webrtc === null
      ? []
      : hosts
          .filter(({ family }) => family === 4)
          .map(({ address }) => `/ip4/${address}/udp/${webrtc.port}/webrtc-direct/certhash/${webrtc.certificate.certhash}/p2p/${peerId}`)
  return [...tcp, ...direct].slice(0, MAX_ADDRESSES)
}

/** What libp2p listens on. WebRTC-direct on IPv4 only: its library shares one UDP socket between the families. */
export function listenAddresses(loopbackOnly: boolean, endpoint: Endpoint): string[] {
  const tcp = loopbackOnly ? ['/ip4/127.0.0.1'] : ['/ip4/0.0.0.0', '/ip6/::']
  const [udp] = tcp
  return [
    ...tcp.map((host) => `${host}/tcp/${endpoint.tcpPort}`),
    ...(endpoint.webrtc === null ? [] : [`${udp}/udp/${endpoint.webrtc.port}/webrtc-direct`]),
  ]
}

/** What of a peer's addresses is dialled. */
export interface DialRules {
  /** Nothing leaves the local network, and nobody relays. */
  nearOnly: boolean
  hosts: readonly Host[]
}

/** The peer's addresses that make sense, each with its peer id; one that names another peer is left out. */
export function toDialable(peer: PeerAddress, { nearOnly, hosts }: DialRules): Multiaddr[] {
  const suffix = `/p2p/${peerIdFromString(peer.peerId).toString()}`
  return peer.addresses.slice(0, MAX_ADDRESSES).flatMap((address) => {
    try {
      const text = address.endsWith(suffix) ? address.slice(0, -suffix.length) : address
      const bare = multiaddr(text)
      if (nearOnly && !isNear(text, hosts)) return []
      return isDirect(bare) || (!nearOnly && isRelayed(text)) ? [bare.encapsulate(suffix)] : []
    } catch {
      return []
    }
  })
}

function isDirect(bare: Multiaddr): boolean {
  const names = bare.getComponents().map((component) => component.name)
  // A DNS name would tell a name server whom we look for.
  return (names.includes('tcp') || names.includes('udp')) && !names.some((name) => name.startsWith('dns') || name.startsWith('p2p'))
}

const isRelayed = (bare: string): boolean => /\/p2p-circuit(?:\/webrtc)?$/.test(bare) && relayOf(bare) !== null

/** Whether the address leads no further than the networks this machine is in. */
export function isNear(address: string, hosts: readonly Host[]): boolean {
  if (address.includes('/p2p-circuit')) return false
  const [, version, host] = /^\/ip([46])\/([^/]+)/.exec(address) ?? []
  if (host === undefined) return false
  if (isPrivate(host)) return true
  const prefix = (text: string): string => (version === '4' ? text.split('.').slice(0, 3).join('.') : wide(text).slice(0, 4).join(':'))
  return hosts.some(({ family, address: own }) => String(family) === version && prefix(own) === prefix(host))
}

const isPrivate = (host: string): boolean =>
  /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|::1$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/i.test(host)

/** The eight groups of an IPv6 address. */
export function wide(host: string): string[] {
  const [head = '', tail] = host.toLowerCase().split('::')
  const groups = (text: string): string[] => text.split(':').filter((group) => group !== '')
  const [before, after] = [groups(head), groups(tail ?? '')]
  return [...before, ...Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0'), ...after]
}

/** The address with the port to dial instead, of the relay if it is relayed; null for one that has none: all but TCP on loopback. */
export function proxied(address: string, via: (tcpPort: number) => number | null): string | null {
  const [, port, rest] = /^\/ip4\/127\.0\.0\.1\/tcp\/(\d+)((?:\/p2p\/\w+)?(?:\/p2p-circuit(?:\/p2p\/\w+)?)?)$/.exec(address) ?? []
  const instead = port === undefined ? null : via(Number(port))
  return instead === null ? null : `/ip4/127.0.0.1/tcp/${instead}${rest ?? ''}`
}

/**
 * Loopback fails or succeeds at once, TCP costs less than WebRTC: cheap ones first, a wrong guess there costs nothing. A relay comes
 * after what leads straight there, and before addresses of private networks that are none of ours, which do not even refuse.
 */
export const likelyFirst =
  (hosts: readonly Host[]) =>
  (a: { multiaddr: Multiaddr }, b: { multiaddr: Multiaddr }): -1 | 0 | 1 => {
    const difference = cost(a.multiaddr.toString(), hosts) - cost(b.multiaddr.toString(), hosts)
    return difference < 0 ? -1 : difference > 0 ? 1 : 0
  }

function cost(address: string, hosts: readonly Host[]): number {
  const webrtc = address.includes('/webrtc') ? 2 : 0
  if (address.includes('/p2p-circuit')) return 4 + webrtc
  const [, host = ''] = /^\/ip[46]\/([^/]+)/.exec(address) ?? []
  if (/^127\.|^::1$/.test(host)) return webrtc
  return (isPrivate(host) && !isAround(host, hosts) ? 9 : 1) + webrtc
}

/** Whether one of our networks seems to be the one the private address is of. */
const isAround = (host: string, hosts: readonly Host[]): boolean => {
  const start = (text: string): string =>
    text
      .split(/[.:]/)
      .slice(0, text.startsWith('192.') ? 3 : 2)
      .join('.')
  return hosts.some(({ address }) => start(address) === start(host))
}
