import { describe, expect, it } from 'vitest'
import type { GroupId, MemberId, PeerId } from '../../../../shared/domain/ids.ts'
import { systemRandom } from '../../../kernel/random.ts'
import type { LeaveRequest } from '../../../ports/wire.ts'
import { wireCodecContract } from '../../../testing/contracts/wire-codec-contract.ts'
import { FakeClock } from '../../../testing/fakes/fake-clock.ts'
import { MAX_LATER_MS } from '../join/constants.ts'
import { LEAVE_WINDOW_MS, LEAVES_PER_PEER, MAX_LEAVE_ANSWER_BYTES, MAX_LEAVE_REQUEST_BYTES } from './constants.ts'
import { decodeLeaveAnswer, encodeLeaveAnswer } from './leave-answer.ts'
import { PeerRate } from '../peer-rate.ts'
import { decodeLeaveRequest, encodeLeaveRequest } from './leave-request.ts'

const request = (): LeaveRequest => ({
  groupId: systemRandom.id<GroupId>(),
  memberId: systemRandom.id<MemberId>(),
  leafKey: systemRandom.bytes(32),
  signature: systemRandom.bytes(64),
})
const id = new Uint8Array(16)
const wire = { group: id, member: id, leaf: new Uint8Array(32), signature: new Uint8Array(64) }

wireCodecContract('a request to leave', {
  encode: encodeLeaveRequest,
  decode: decodeLeaveRequest,
  valid: [request(), request()],
  invalid: [
    ['a short key', { ...wire, leaf: new Uint8Array(31) }],
    ['a short signature', { ...wire, signature: new Uint8Array(63) }],
    ['a group id of 15 bytes', { ...wire, group: id.subarray(1) }],
    ['a member id of 15 bytes', { ...wire, member: id.subarray(1) }],
    ['a field too many', { ...wire, reason: 'tired' }],
  ],
})

wireCodecContract('an answer to it', {
  encode: encodeLeaveAnswer,
  decode: decodeLeaveAnswer,
  valid: [
    { kind: 'done' },
    { kind: 'later', afterMs: MAX_LATER_MS },
    { kind: 'refused', code: 'malformed' },
    { kind: 'refused', code: 'last-owner' },
  ],
  invalid: [
    ['an unknown kind', { kind: 'perhaps' }],
    ['an unknown refusal', { kind: 'refused', code: 'stay' }],
    ['a field of another kind', { kind: 'done', afterMs: 1 }],
    ['a negative wait', { kind: 'later', afterMs: -1 }],
  ],
})

describe('leaving over the wire', () => {
  it('fits the protocol', () => {
    expect(encodeLeaveRequest(request()).length).toBeLessThanOrEqual(MAX_LEAVE_REQUEST_BYTES)
    expect(encodeLeaveAnswer({ kind: 'later', afterMs: MAX_LATER_MS }).length).toBeLessThanOrEqual(MAX_LEAVE_ANSWER_BYTES)
  })

  it('cannot put the one who asks to sleep', () => {
    const sent = encodeLeaveAnswer({ kind: 'later', afterMs: Number.MAX_SAFE_INTEGER })
    expect(decodeLeaveAnswer(sent)).toEqual({ kind: 'later', afterMs: MAX_LATER_MS })
  })

  it('is limited for each peer, who can ask again later', () => {
    const clock = new FakeClock()
    const rate = new PeerRate(clock, { most: LEAVES_PER_PEER, windowMs: LEAVE_WINDOW_MS })
    const [one, other] = ['one' as PeerId, 'other' as PeerId]
    for (let i = 0; i < LEAVES_PER_PEER; i++) expect(rate.admit(one)).toBe(true)
    expect(rate.admit(one)).toBe(false)
    expect(rate.admit(other)).toBe(true)
    clock.advance(LEAVE_WINDOW_MS)
    expect(rate.admit(one)).toBe(true)
  })
})
