import type { Connection } from '@libp2p/interface'
import type { NodeAddress } from '@libp2p/interface-internal'
import type { Outside } from '../../../shared/domain/models.ts'
import { isPrivate } from './addresses.ts'

/** What libp2p knows of addresses by which others may come straight from outside. `met`: somebody did. */
export function outsideOf(addresses: readonly Pick<NodeAddress, 'multiaddr' | 'verified' | 'type'>[], met: boolean): Outside {
  const outside = addresses.filter(({ multiaddr }) => isOutside(multiaddr.toString()))
  if (outside.some(({ verified }) => verified)) return 'confirmed'
  if (met) return 'met'
  if (outside.some(({ type }) => type === 'ip-mapping')) return 'opened'
  return outside.length > 0 ? 'seen' : 'unknown'
}

/**
 * Whether somebody elsewhere dialled us and got through. A straight way to somebody that a relay introduces does not count: both ends
 * dialled then, and a router that let that in need not let in anybody else.
 */
export function cameFromOutside(
  { direction, direct, remoteAddr, remotePeer }: Pick<Connection, 'direction' | 'direct' | 'remoteAddr' | 'remotePeer'>,
  others: readonly Pick<Connection, 'direct' | 'remotePeer'>[],
): boolean {
  const address = remoteAddr.toString()
  const isIntroduced = address.includes('/webrtc') || others.some((other) => !other.direct && other.remotePeer.equals(remotePeer))
  return direction === 'inbound' && direct && isOutside(address) && !isIntroduced
}

function isOutside(address: string): boolean {
  const [, host] = /^\/ip[46]\/([^/]+)/.exec(address) ?? []
  return host !== undefined && !address.includes('/p2p-circuit') && !isPrivate(host)
}
