import { BlockList } from 'node:net'
import type { Connection } from '@libp2p/interface'
import type { NodeAddress } from '@libp2p/interface-internal'
import type { Outside } from '../../../shared/domain/models.ts'
import { isNear, type Host } from './addresses.ts'

/** What libp2p knows of addresses by which others may come straight from outside. `met`: somebody did. */
export function outsideOf(addresses: readonly Pick<NodeAddress, 'multiaddr' | 'verified' | 'type'>[], met: boolean): Outside {
  const outside = addresses.filter(({ multiaddr }) => isOutside(multiaddr.toString()))
  if (outside.some(({ verified }) => verified)) return 'confirmed'
  if (met) return 'met'
  if (outside.some(({ type }) => type === 'ip-mapping')) return 'opened'
  return outside.length > 0 ? 'seen' : 'unknown'
}

/** Addresses by which a router says that it lets others in, without the peer's id: unless it was tried, and nobody came through. */
export const openedBy = (addresses: readonly Pick<NodeAddress, 'multiaddr' | 'type' | 'verified' | 'expires'>[]): string[] =>
  addresses.flatMap(({ multiaddr, type, verified, expires }) => {
    const address = multiaddr.toString()
    const wasTried = !verified && expires > 0
    return type === 'ip-mapping' && !wasTried && isOutside(address) ? address : []
  })

/**
 * Whether somebody elsewhere dialled us and got through. A straight way to somebody that a relay introduces does not count: both ends
 * dialled then, and a router that let that in need not let in anybody else.
 */
export function cameFromOutside(
  { direction, direct, remoteAddr, remotePeer }: Pick<Connection, 'direction' | 'direct' | 'remoteAddr' | 'remotePeer'>,
  others: readonly Pick<Connection, 'direct' | 'remotePeer'>[],
  hosts: readonly Host[],
): boolean {
  const address = remoteAddr.toString()
  const isIntroduced = address.includes('/webrtc') || others.some((other) => !other.direct && other.remotePeer.equals(remotePeer))
  return direction === 'inbound' && direct && isOutside(address) && !isNear(address, hosts) && !isIntroduced
}

function isOutside(address: string): boolean {
  const [, version, host] = /^\/ip([46])\/([^/]+)/.exec(address) ?? []
  if (host === undefined || address.includes('/p2p-circuit')) return false
  return version === '4' ? !NOT_GLOBAL.check(host, 'ipv4') : GLOBAL.check(host, 'ipv6') && !NOT_GLOBAL.check(host, 'ipv6')
}

/**
 * RFC 6890: what is not for everybody. Wider than what is near: between providers and their customers (100.64.0.0/10, where overlay
 * networks live, too) there is many an address that libp2p takes for confirmed because it takes it for private.
 */
const NOT_GLOBAL = new BlockList()
for (const [net, prefix] of [
  ...([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
  ] as const),
  ...([
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.88.99.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
  ] as const),
  ...([
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 3],
  ] as const),
] as const)
  NOT_GLOBAL.addSubnet(net, prefix, 'ipv4')
NOT_GLOBAL.addSubnet('2001:db8::', 32, 'ipv6')

const GLOBAL = new BlockList()
GLOBAL.addSubnet('2000::', 3, 'ipv6')
