import { describe, expect, it } from 'vitest'
import type { GroupId, MemberId, PeerId } from '../../../../shared/domain/ids.ts'
import { systemRandom } from '../../../kernel/random.ts'
import { wireCodecContract } from '../../../testing/contracts/wire-codec-contract.ts'
import { MAX_ADDRESSES, MAX_ADDRESS_CHARS } from '../fields.ts'
import { MAX_HINTS } from '../peer-hint.ts'
import { MAX_HINTS_BYTES } from './constants.ts'
import { decodePeerHints, encodePeerHints, type PeerHints } from './peer-hints.ts'

const peer = `12D3KooW${'b'.repeat(44)}`
const hints = (count: number, addresses: string[]): PeerHints => ({
  groupId: systemRandom.id<GroupId>(),
  hints: Array.from({ length: count }, () => ({ memberId: systemRandom.id<MemberId>(), peerId: peer as PeerId, addresses })),
})
const id = new Uint8Array(16)
const hint = { member: id, peer, addresses: ['/ip4/127.0.0.1/tcp/1'] }
const longest = `/${'x'.repeat(MAX_ADDRESS_CHARS - 1)}`

wireCodecContract('hints', {
  encode: encodePeerHints,
  decode: decodePeerHints,
  valid: [
    hints(1, [`/ip4/127.0.0.1/tcp/4001/p2p/${peer}`, '/ip6/::1/udp/9/webrtc-direct/certhash/uEiAx_-']),
    hints(0, []),
    hints(MAX_HINTS, []),
  ],
  invalid: [
    ['too many', { group: id, hints: Array.from({ length: MAX_HINTS + 1 }, () => hint) }],
    ['too many addresses', { group: id, hints: [{ ...hint, addresses: Array.from({ length: MAX_ADDRESSES + 1 }, () => '/a') }] }],
    ['a long address', { group: id, hints: [{ ...hint, addresses: [`${longest}x`] }] }],
    ['an address that is none', { group: id, hints: [{ ...hint, addresses: ['http://example.org'] }] }],
    ['an address with a line break', { group: id, hints: [{ ...hint, addresses: ['/ip4/1\n/tcp/1'] }] }],
    ['an empty address', { group: id, hints: [{ ...hint, addresses: [''] }] }],
    ['a peer id of another kind', { group: id, hints: [{ ...hint, peer: 'QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N' }] }],
    ['a field too many', { group: id, hints: [{ ...hint, name: 'Alice' }] }],
  ],
})

describe('hints', () => {
  it('fit the protocol at their largest', () => {
    const largest = hints(
      MAX_HINTS,
      Array.from({ length: MAX_ADDRESSES }, () => longest),
    )
    expect(encodePeerHints(largest).length).toBeLessThanOrEqual(MAX_HINTS_BYTES)
  })

  it('are cut to what may be sent', () => {
    const tooMany = hints(
      MAX_HINTS + 5,
      Array.from({ length: MAX_ADDRESSES + 5 }, () => '/a'),
    )
    const sent = decodePeerHints(encodePeerHints(tooMany))
    expect([sent?.hints.length, sent?.hints[0]?.addresses.length]).toEqual([MAX_HINTS, MAX_ADDRESSES])
  })
})
