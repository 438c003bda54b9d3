import { describe, expect, it } from 'vitest'
import type { GroupId, MemberId } from '../../../../shared/domain/ids.ts'
import { systemRandom } from '../../../kernel/random.ts'
import { wireCodecContract } from '../../../testing/contracts/wire-codec-contract.ts'
import { MAX_HINTS, MAX_RECORD_BYTES } from '../peer-hint.ts'
import { MAX_HINTS_BYTES } from './constants.ts'
import { decodePeerHints, encodePeerHints, type PeerHints } from './peer-hints.ts'

const hints = (count: number, bytes: number): PeerHints => ({
  groupId: systemRandom.id<GroupId>(),
  hints: Array.from({ length: count }, () => ({ memberId: systemRandom.id<MemberId>(), record: new Uint8Array(bytes).fill(7) })),
})
const id = new Uint8Array(16)
const hint = { member: id, record: Uint8Array.of(1) }

wireCodecContract('hints', {
  encode: encodePeerHints,
  decode: decodePeerHints,
  valid: [hints(1, 200), hints(0, 1), hints(MAX_HINTS, 1)],
  invalid: [
    ['too many', { group: id, hints: Array.from({ length: MAX_HINTS + 1 }, () => hint) }],
    ['a long record', { group: id, hints: [{ ...hint, record: new Uint8Array(MAX_RECORD_BYTES + 1) }] }],
    ['an empty record', { group: id, hints: [{ ...hint, record: new Uint8Array() }] }],
    ['addresses that nobody signed', { group: id, hints: [{ member: id, peer: 'x', addresses: ['/ip4/10.0.0.1/tcp/1'] }] }],
    ['a field too many', { group: id, hints: [{ ...hint, name: 'Alice' }] }],
  ],
})

describe('hints', () => {
  it('fit the protocol at their largest', () => {
    expect(encodePeerHints(hints(MAX_HINTS, MAX_RECORD_BYTES)).length).toBeLessThanOrEqual(MAX_HINTS_BYTES)
  })

  it('are cut to what may be sent', () => {
    expect(decodePeerHints(encodePeerHints(hints(MAX_HINTS + 5, 1)))?.hints).toHaveLength(MAX_HINTS)
  })
})
