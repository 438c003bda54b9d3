import { describe, expect, it } from 'vitest'
import type { Eid, GroupId, PeerId } from '../../../../shared/domain/ids.ts'
import { systemRandom } from '../../../kernel/random.ts'
import type { ReturnAnswer, ReturnRequest } from '../../../ports/wire.ts'
import { wireCodecContract } from '../../../testing/contracts/wire-codec-contract.ts'
import { FakeClock } from '../../../testing/fakes/fake-clock.ts'
import { MAX_COMMITS, MAX_COMMITS_BYTES, MAX_KEY_PACKAGE_BYTES, MAX_LATER_MS, MAX_WELCOME_BYTES } from '../join/constants.ts'
import { MAX_RETURN_ANSWER_BYTES, MAX_RETURN_REQUEST_BYTES, RETURN_WINDOW_MS, RETURNS_PER_PEER } from './constants.ts'
import { decodeReturnAnswer, encodeReturnAnswer } from './return-answer.ts'
import { PeerRate } from '../peer-rate.ts'
import { decodeReturnRequest, encodeReturnRequest } from './return-request.ts'

const request = (size: number): ReturnRequest => ({
  groupId: systemRandom.id<GroupId>(),
  leafKey: systemRandom.bytes(32),
  keyPackage: systemRandom.bytes(size),
  signature: systemRandom.bytes(64),
  peer: systemRandom.bytes(64),
})
const id = new Uint8Array(16)
const wire = { group: id, leaf: new Uint8Array(32), keyPackage: Uint8Array.of(1), signature: new Uint8Array(64), peer: new Uint8Array(64) }

wireCodecContract('a request to return', {
  encode: encodeReturnRequest,
  decode: decodeReturnRequest,
  valid: [request(50), request(MAX_KEY_PACKAGE_BYTES)],
  invalid: [
    ['a large key package', { ...wire, keyPackage: new Uint8Array(MAX_KEY_PACKAGE_BYTES + 1) }],
    ['an empty key package', { ...wire, keyPackage: new Uint8Array() }],
    ['a short key', { ...wire, leaf: new Uint8Array(31) }],
    ['a short signature', { ...wire, signature: new Uint8Array(63) }],
    ['a short word of the peer', { ...wire, peer: new Uint8Array(63) }],
    ['no word of the peer', { ...wire, peer: undefined }],
    ['a group id of 15 bytes', { ...wire, group: id.subarray(1) }],
    ['a field too many', { ...wire, member: id }],
  ],
})

describe('a request to return', () => {
  it('fits the protocol at its largest', () => {
    expect(encodeReturnRequest(request(MAX_KEY_PACKAGE_BYTES)).length).toBeLessThanOrEqual(MAX_RETURN_REQUEST_BYTES)
  })
})

const commit = { eid: systemRandom.id<Eid>(), bytes: systemRandom.bytes(20) }
const commitWire = { eid: id, bytes: Uint8Array.of(1) }
const welcomeWire = { kind: 'welcome', welcome: Uint8Array.of(1), commits: [commitWire] }

wireCodecContract('an answer to it', {
  encode: encodeReturnAnswer,
  decode: decodeReturnAnswer,
  valid: [
    { kind: 'welcome', welcome: systemRandom.bytes(100), commits: [commit] },
    { kind: 'leaf', leafKey: systemRandom.bytes(32) },
    { kind: 'later', afterMs: MAX_LATER_MS },
    { kind: 'returning' },
    { kind: 'refused', code: 'not-member' },
    { kind: 'refused', code: 'malformed' },
  ],
  invalid: [
    ['an unknown kind', { kind: 'perhaps' }],
    ['an unknown refusal', { kind: 'refused', code: 'bad-hair' }],
    ['an empty welcome', { ...welcomeWire, welcome: new Uint8Array() }],
    ['too many commits', { ...welcomeWire, commits: Array.from({ length: MAX_COMMITS + 1 }, () => commitWire) }],
    ['commits that are too large', { ...welcomeWire, commits: [{ eid: id, bytes: new Uint8Array(MAX_COMMITS_BYTES) }, commitWire] }],
    ['a long key', { kind: 'leaf', leafKey: new Uint8Array(33) }],
    ['a field of another kind', { kind: 'later', afterMs: 1, leafKey: new Uint8Array(32) }],
    ['a time to ask again of one that returns', { kind: 'returning', afterMs: 1 }],
    ['a negative wait', { kind: 'later', afterMs: -1 }],
  ],
})

describe('an answer to a request to return', () => {
  it('fits the protocol at its largest', () => {
    const bytes = Math.floor(MAX_COMMITS_BYTES / MAX_COMMITS)
    const commits = Array.from({ length: MAX_COMMITS }, () => ({ eid: commit.eid, bytes: new Uint8Array(bytes) }))
    const answer: ReturnAnswer = { kind: 'welcome', welcome: new Uint8Array(MAX_WELCOME_BYTES), commits }
    expect(encodeReturnAnswer(answer).length).toBeLessThanOrEqual(MAX_RETURN_ANSWER_BYTES)
  })

  it('cannot put the one who asks to sleep', () => {
    const sent = encodeReturnAnswer({ kind: 'later', afterMs: Number.MAX_SAFE_INTEGER })
    expect(decodeReturnAnswer(sent)).toEqual({ kind: 'later', afterMs: MAX_LATER_MS })
  })
})

describe('the rate of returns', () => {
  it('is limited for each peer, and lets it ask again later', () => {
    const clock = new FakeClock()
    const rate = new PeerRate(clock, { most: RETURNS_PER_PEER, windowMs: RETURN_WINDOW_MS })
    const [one, other] = ['one', 'other'] as PeerId[]
    if (one === undefined || other === undefined) throw new Error('two peers')
    for (let i = 0; i < RETURNS_PER_PEER; i++) expect(rate.admit(one)).toBe(true)
    expect(rate.admit(one)).toBe(false)
    expect(rate.admit(other)).toBe(true)
    clock.advance(RETURN_WINDOW_MS)
    expect(rate.admit(one)).toBe(true)
  })
})
