import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../../shared/domain/ids.ts'
import { announced, isNear, likelyFirst, listenAddresses, localHosts, proxied, toDialable, type Host } from './addresses.ts'
import type { Endpoint } from './endpoint.ts'

const peerId = '12D3KooWSLNDGRsMY8E9ZisKhTi7pj82yMoERGQEpfhYSf2Be9wx' as PeerId
const other = '12D3KooWHFVKr6qVsT5tiKtAZvQztbLCEDEg6X3PPPEKgAyggqr7'
const tcpOnly: Endpoint = { tcpPort: 4001, webrtc: null }
const both: Endpoint = { tcpPort: 4001, webrtc: { port: 4002, certificate: { privateKey: 'k', pem: 'p', certhash: 'uEiAx' } } }
const anywhere = { nearOnly: false, hosts: [] }
const hosts: Host[] = [
  { family: 4, address: '192.168.1.5' },
  { family: 6, address: '2001:db8::5' },
  { family: 4, address: '127.0.0.1' },
]

describe('addresses', () => {
  it('are of loopback alone when asked, and include it otherwise, last', () => {
    expect(localHosts(true)).toEqual([{ family: 4, address: '127.0.0.1' }])
    expect(localHosts(false).at(-1)).toEqual({ family: 4, address: '127.0.0.1' })
    expect(localHosts(false).filter((host) => host.address.startsWith('fe80') || host.address === '::1')).toEqual([])
  })

  it('name the peer, TCP before WebRTC, and can be parsed', () => {
    const addresses = announced(hosts, both, peerId)
    expect(addresses).toEqual([
      `/ip4/192.168.1.5/tcp/4001/p2p/${peerId}`,
      `/ip6/2001:db8::5/tcp/4001/p2p/${peerId}`,
      `/ip4/127.0.0.1/tcp/4001/p2p/${peerId}`,
      `/ip4/192.168.1.5/udp/4002/webrtc-direct/certhash/uEiAx/p2p/${peerId}`,
      `/ip4/127.0.0.1/udp/4002/webrtc-direct/certhash/uEiAx/p2p/${peerId}`,
    ])
    expect(announced(hosts, tcpOnly, peerId)).toHaveLength(3)
    expect(() => addresses.filter((address) => !address.includes('webrtc')).map((address) => multiaddr(address))).not.toThrow()
  })

  it('are dialled by way of a proxy where tests put one, and not at all where they did not', () => {
    const via = (port: number) => (port === 4001 ? 5001 : null)
    expect(proxied('/ip4/127.0.0.1/tcp/4001', via)).toBe('/ip4/127.0.0.1/tcp/5001')
    expect(proxied(`/ip4/127.0.0.1/tcp/4001/p2p/${peerId}`, via)).toBe(`/ip4/127.0.0.1/tcp/5001/p2p/${peerId}`)
    for (const other of [
      '/ip4/127.0.0.1/tcp/4002',
      '/ip4/10.0.0.1/tcp/4001',
      '/ip4/127.0.0.1/udp/4001/webrtc-direct/certhash/uEiAx',
      'tcp/4001',
    ])
      expect(proxied(other, via)).toBeNull()
  })

  it('are never more than a peer address may hold', () => {
    const many = Array.from({ length: 40 }, (_, i): Host => ({ family: 4, address: `10.0.0.${i}` }))
    expect(announced(many, both, peerId)).toHaveLength(16)
  })

  it('listen on what is announced', () => {
    expect(listenAddresses(true, both)).toEqual(['/ip4/127.0.0.1/tcp/4001', '/ip4/127.0.0.1/udp/4002/webrtc-direct'])
    expect(listenAddresses(false, tcpOnly)).toEqual(['/ip4/0.0.0.0/tcp/4001', '/ip6/::/tcp/4001'])
  })

  it('of others are dialled as that peer, with or without its name in them', () => {
    const addresses = ['/ip4/10.0.0.1/tcp/1', `/ip4/10.0.0.2/tcp/2/p2p/${peerId}`]
    expect(toDialable({ peerId, addresses }, anywhere).map(String)).toEqual([
      `/ip4/10.0.0.1/tcp/1/p2p/${peerId}`,
      `/ip4/10.0.0.2/tcp/2/p2p/${peerId}`,
    ])
  })

  it.each([
    '',
    'nonsense',
    '/ip4/999.1.1.1/tcp/1',
    '/ip4/10.0.0.1/tcp/99999',
    `/ip4/10.0.0.1/tcp/1/p2p/${other}`,
    `/ip4/10.0.0.1/tcp/1/p2p/${peerId}/p2p-circuit/p2p/${other}`,
    `/dns4/example.org/tcp/1/p2p/${other}/p2p-circuit/p2p/${peerId}`,
    `/ip4/10.0.0.1/tcp/1/p2p-circuit/p2p/${peerId}`,
    '/dns4/example.org/tcp/1',
    '/dnsaddr/example.org',
  ])('of others that make no sense or say too much are left out: %s', (address) => {
    expect(toDialable({ peerId, addresses: [address, '/ip4/10.0.0.1/tcp/1'] }, anywhere)).toHaveLength(1)
  })

  it('are tried in the order of what a wrong one costs', () => {
    const given = ['/ip4/10.0.0.1/udp/1/webrtc-direct', '/ip4/10.0.0.1/tcp/1', '/ip4/127.0.0.1/udp/1/webrtc-direct', '/ip4/127.0.0.1/tcp/1']
    const sorted = given.map((address) => ({ multiaddr: multiaddr(address) })).sort(likelyFirst([{ family: 4, address: '10.0.0.9' }]))
    expect(sorted.map((each) => each.multiaddr.toString())).toEqual([given[3], given[1], given[2], given[0]])
  })

  it('lead straight there before by a relay, and by a relay before into a private network that is not ours', () => {
    const given = [`/ip4/203.0.113.1/tcp/1/p2p/${other}/p2p-circuit/p2p/${peerId}`, '/ip4/192.168.1.7/tcp/1', '/ip4/203.0.113.9/tcp/1']
    const sorted = given.map((address) => ({ multiaddr: multiaddr(address) })).sort(likelyFirst(hosts))
    expect(sorted.map((each) => each.multiaddr.toString())).toEqual([given[1], given[2], given[0]])
    const elsewhere = given.map((address) => ({ multiaddr: multiaddr(address) })).sort(likelyFirst([]))
    expect(elsewhere.map((each) => each.multiaddr.toString())).toEqual([given[2], given[0], given[1]])
  })

  it('of others may be relayed, but not where nothing may leave the local network', () => {
    const addresses = [`/ip4/203.0.113.1/tcp/1/p2p/${other}/p2p-circuit`, '/ip4/203.0.113.9/tcp/1', '/ip4/192.168.1.77/tcp/1']
    expect(toDialable({ peerId, addresses }, anywhere)).toHaveLength(3)
    expect(toDialable({ peerId, addresses }, { nearOnly: true, hosts }).map(String)).toEqual([`/ip4/192.168.1.77/tcp/1/p2p/${peerId}`])
  })

  it.each([
    ['/ip4/10.9.9.9/tcp/1', true],
    ['/ip4/127.0.0.1/tcp/1', true],
    ['/ip4/172.31.0.1/tcp/1', true],
    ['/ip4/172.32.0.1/tcp/1', false],
    ['/ip4/192.0.2.1/tcp/1', false],
    ['/ip6/fd00::1/tcp/1', true],
    ['/ip6/2001:db8::77/tcp/1', true],
    ['/ip6/2001:db8:1::77/tcp/1', false],
    ['/dns4/nas/tcp/1', false],
  ])('are near or not: %s', (address, near) => expect(isNear(address, hosts)).toBe(near))
})
