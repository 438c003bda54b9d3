import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import { cameFromOutside, openedBy, outsideOf } from './outside.ts'

const known = (address: string, type: 'transport' | 'observed' | 'ip-mapping', verified: boolean) => ({
  multiaddr: multiaddr(address),
  type,
  verified,
})

describe('what is known of others coming from outside', () => {
  const own = known('/ip4/192.168.1.7/tcp/4001', 'transport', true)
  const mapped = known('/ip4/5.9.7.7/tcp/4001', 'ip-mapping', false)
  const seen = known('/ip4/5.9.7.7/tcp/4711', 'observed', false)

  it.each([
    ['unknown', [], false],
    ['unknown', [own, known('/ip6/fd00::7/tcp/4001', 'transport', true), known('/ip4/127.0.0.1/tcp/1', 'transport', true)], false],
    ['unknown', [known('/ip4/5.9.7.7/tcp/4001/p2p-circuit', 'transport', true)], false],
    // libp2p takes these for private, and so for confirmed.
    ...['100.64.3.7', '203.0.113.7', '198.18.0.7', '169.254.3.7'].map(
      (host) => ['unknown', [known(`/ip4/${host}/tcp/4001`, 'transport', true)], false] as const,
    ),
    ['unknown', [known('/ip6/2001:db8::7/tcp/4001', 'transport', true), known('/ip6/fe80::7/tcp/4001', 'transport', true)], false],
    ['seen', [own, seen], false],
    ['seen', [known('/ip4/5.9.7.7/tcp/4001', 'transport', false)], false],
    ['opened', [own, seen, mapped], false],
    ['met', [own, seen, mapped], true],
    ['confirmed', [own, { ...mapped, verified: true }], true],
    ['confirmed', [known('/ip6/2a01:4f8::7/tcp/4001', 'transport', true)], false],
  ] as const)('is %s', (outside, addresses, met) => expect(outsideOf(addresses, met)).toBe(outside))
})

it('what a router opened is an address, unless nobody outside could dial it', () => {
  const opened = ['/ip4/5.9.7.7/tcp/4001', '/ip4/192.168.1.7/tcp/4001', '/ip4/100.64.3.7/tcp/4001'].map((address) =>
    known(address, 'ip-mapping', false),
  )
  const others = [known('/ip4/5.9.7.8/tcp/4001', 'transport', true), known('/ip4/5.9.7.9/tcp/4711', 'observed', false)]
  const never = [...opened, ...others].map((address) => ({ ...address, expires: 0 }))
  const tried = { ...known('/ip4/5.9.7.6/tcp/4001', 'ip-mapping', false), expires: 7 }
  const good = { ...known('/ip4/5.9.7.5/tcp/4001', 'ip-mapping', true), expires: 7 }
  expect(openedBy([...never, tried, good])).toEqual(['/ip4/5.9.7.7/tcp/4001', '/ip4/5.9.7.5/tcp/4001'])
})

describe('somebody who comes', async () => {
  const remotePeer = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
  const other = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
  const came = (address: string, part: { direction?: 'inbound' | 'outbound'; direct?: boolean } = {}) => ({
    ...{ direction: 'inbound' as const, direct: true, ...part },
    remoteAddr: multiaddr(address),
    remotePeer,
  })
  const hosts = [{ family: 4 as const, address: '6.8.4.7' }]
  const far = '/ip4/5.9.7.9/tcp/50123'

  it('comes from outside if they dialled from there, and nobody introduced them', () => {
    expect(
      cameFromOutside(
        came(far),
        [
          { direct: true, remotePeer },
          { direct: false, remotePeer: other },
        ],
        hosts,
      ),
    ).toBe(true)
  })

  it.each([
    ['dialled by us', came(far, { direction: 'outbound' }), []],
    ['from the same network', came('/ip4/192.168.1.9/tcp/50123'), []],
    ['from the same network, though its addresses are public', came('/ip4/6.8.4.9/tcp/50123'), []],
    ['by a relay', came('/ip4/5.9.7.7/tcp/4001/p2p-circuit', { direct: false }), []],
    ['by a hole that both punched', came(far), [{ direct: false, remotePeer }]],
    ['introduced for WebRTC', came('/ip4/5.9.7.9/udp/50123/webrtc-direct'), []],
  ] as const)('does not if it is %s', (_, connection, others) => expect(cameFromOutside(connection, others, hosts)).toBe(false))
})
