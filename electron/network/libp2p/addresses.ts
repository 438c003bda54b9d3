import { networkInterfaces } from 'node:os'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import type { PeerAddress } from '../../ports/wire.ts'
import type { Endpoint } from './endpoint.ts'

/** `PeerAddress`: at most 16. */
const MAX_ADDRESSES = 16

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

/** The peer's addresses that make sense, each with its peer id; one that names another peer is left out. */
export function toDialable(peer: PeerAddress): Multiaddr[] {
  const suffix = `/p2p/${peerIdFromString(peer.peerId).toString()}`
  return peer.addresses.slice(0, MAX_ADDRESSES).flatMap((address) => {
    try {
      const bare = multiaddr(address.endsWith(suffix) ? address.slice(0, -suffix.length) : address)
      // A DNS name would tell a name server whom we look for, and a relayed path is a later matter.
      const names = bare.getComponents().map((component) => component.name)
      const usable = names.includes('tcp') || names.includes('udp')
      return !usable || names.includes('p2p') || names.some((name) => name.startsWith('dns')) ? [] : [bare.encapsulate(suffix)]
    } catch {
      return []
    }
  })
}

/** The address with the port to dial instead; null for one that has none, which is everything but TCP on loopback. */
export function proxied(address: string, via: (tcpPort: number) => number | null): string | null {
  const [, port, rest] = /^\/ip4\/127\.0\.0\.1\/tcp\/(\d+)((?:\/p2p\/\w+)?)$/.exec(address) ?? []
  const instead = port === undefined ? null : via(Number(port))
  return instead === null ? null : `/ip4/127.0.0.1/tcp/${instead}${rest ?? ''}`
}

/** Loopback fails or succeeds at once, TCP costs less than WebRTC: cheap ones first, a wrong guess there costs nothing. */
export function cheapFirst(a: { multiaddr: Multiaddr }, b: { multiaddr: Multiaddr }): -1 | 0 | 1 {
  const difference = cost(a.multiaddr.toString()) - cost(b.multiaddr.toString())
  return difference < 0 ? -1 : difference > 0 ? 1 : 0
}

function cost(address: string): number {
  const far = /^\/ip4\/127\.|^\/ip6\/::1\//.test(address) ? 0 : 1
  return far + (address.includes('/webrtc') ? 2 : 0)
}
