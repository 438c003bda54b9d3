import type { Connection, MultiaddrConnection, PeerId as Libp2pPeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import { createGater, hostOf } from './gater.ts'
import { MAX_CONNECTIONS_FROM_LOOPBACK, MAX_CONNECTIONS_PER_ADDRESS, MAX_STRANGERS } from './limits.ts'

const stranger = peerIdFromString('12D3KooWSLNDGRsMY8E9ZisKhTi7pj82yMoERGQEpfhYSf2Be9wx')
const member = peerIdFromString('12D3KooWHFVKr6qVsT5tiKtAZvQztbLCEDEg6X3PPPEKgAyggqr7')
const offender = peerIdFromString('12D3KooWQYV9dGMFoRzNStwpXztXaBUjtPqi6aU76ZgUriHhKust')
const connection = (address: string, remotePeer: Libp2pPeerId, direction: 'inbound' | 'outbound' = 'inbound') =>
  ({ remoteAddr: multiaddr(address), remotePeer, direction }) as Connection
const inbound = (address: string) => ({ remoteAddr: multiaddr(address) }) as MultiaddrConnection
const many = (count: number, make: (i: number) => Connection): Connection[] => Array.from({ length: count }, (_, i) => make(i))
const gater = (connections: Connection[]) =>
  createGater({
    connections: () => connections,
    isKnown: (peerId) => peerId === member.toString(),
    isKeptAway: (peerId) => peerId === offender.toString(),
  })

describe('who an address is of', () => {
  it.each([
    ['/ip4/1.2.3.4/tcp/5', '/ip4/1.2.3.4'],
    ['/ip4/1.2.3.4/tcp/5/p2p/12D3KooWSLNDGRsMY8E9ZisKhTi7pj82yMoERGQEpfhYSf2Be9wx/p2p-circuit', '/ip4/1.2.3.4'],
    ['/ip6/2001:db8::1/tcp/5', '/ip6/2001:db8:0:0::'],
    ['/ip6/2001:db8:1:2:3:4:5:6/tcp/5', '/ip6/2001:db8:1:2::'],
    ['/ip6/2001:db8:1:2:a::/udp/5/webrtc-direct', '/ip6/2001:db8:1:2::'],
    ['/ip6/::ffff:1.2.3.4/tcp/5', '/ip4/1.2.3.4'],
    ['/ip6/::ffff:102:304/tcp/5', '/ip4/1.2.3.4'],
    ['/ip6/::1/tcp/5', '/ip6/::1'],
    // The network is the whole link, whoever is on it.
    ['/ip6/fe80::1:2/tcp/5', '/ip6/fe80::1:2'],
    ['/ip6zone/eth0/ip6/fe80::1:2/tcp/5', '/ip6/fe80::1:2'],
    ['/dns4/relay.example/tcp/5', '/dns4/relay.example'],
  ])('%s is %s', (address, host) => {
    expect(hostOf(address)).toBe(host)
  })
})

describe('the gate', () => {
  it('lets nobody who is kept away in or out, once it is proven who that is', async () => {
    const { denyDialPeer, denyInboundEncryptedConnection, denyOutboundEncryptedConnection } = gater([])
    const at = inbound('/ip4/10.0.0.1/tcp/5')
    const denied = async (peer: Libp2pPeerId) => [
      await denyDialPeer?.(peer),
      await denyInboundEncryptedConnection?.(peer, at),
      await denyOutboundEncryptedConnection?.(peer, at),
    ]
    expect(await denied(offender)).toEqual([true, true, true])
    expect(await denied(member)).toEqual([false, false, false])
    expect(await gater([]).denyInboundConnection?.(at)).toBe(false)
  })

  it('lets one address have so many connections, whatever their ports', async () => {
    const open = many(MAX_CONNECTIONS_PER_ADDRESS, (i) => connection(`/ip4/10.0.0.1/tcp/${1000 + i}`, stranger))
    const full = gater(open)
    expect(await full.denyInboundConnection?.(inbound('/ip4/10.0.0.1/udp/5/webrtc-direct'))).toBe(true)
    expect(await full.denyInboundConnection?.(inbound('/ip4/10.0.0.2/tcp/5'))).toBe(false)
    expect(await gater(open.slice(1)).denyInboundConnection?.(inbound('/ip4/10.0.0.1/tcp/5'))).toBe(false)
  })

  it('takes one IPv6 network for one address, since each machine has 2^64 of them', async () => {
    const open = many(MAX_CONNECTIONS_PER_ADDRESS, (i) => connection(`/ip6/2001:db8:1:1::${i + 1}/tcp/4001`, stranger))
    expect(await gater(open).denyInboundConnection?.(inbound('/ip6/2001:db8:1:1:ffff::/tcp/5'))).toBe(true)
    expect(await gater(open).denyInboundConnection?.(inbound('/ip6/2001:db8:1:2::1/tcp/5'))).toBe(false)
  })

  it('lets programs of the same machine have more', async () => {
    const open = many(MAX_CONNECTIONS_FROM_LOOPBACK, () => connection('/ip4/127.0.0.1/tcp/9', stranger))
    expect(await gater(open.slice(1)).denyInboundConnection?.(inbound('/ip4/127.0.0.1/tcp/5'))).toBe(false)
    expect(await gater(open).denyInboundConnection?.(inbound('/ip4/127.0.0.1/tcp/5'))).toBe(true)
  })

  it('turns strangers away when there are enough of them, and never members', async () => {
    const strangers = many(MAX_STRANGERS, (i) => connection(`/ip4/10.0.1.${i}/tcp/1`, stranger))
    const at = inbound('/ip4/10.9.9.9/tcp/1')
    expect(await gater(strangers).denyInboundUpgradedConnection?.(stranger, at)).toBe(true)
    expect(await gater(strangers).denyInboundUpgradedConnection?.(member, at)).toBe(false)
    expect(await gater(strangers.slice(1)).denyInboundUpgradedConnection?.(stranger, at)).toBe(false)
    const members = many(MAX_STRANGERS, () => connection('/ip4/10.0.1.1/tcp/1', member))
    expect(await gater(members).denyInboundUpgradedConnection?.(stranger, at)).toBe(false)
    const ours = many(MAX_STRANGERS, () => connection('/ip4/10.0.1.1/tcp/1', stranger, 'outbound'))
    expect(await gater(ours).denyInboundUpgradedConnection?.(stranger, at)).toBe(false)
  })
})
