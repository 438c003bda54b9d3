import { describe, expect, it } from 'vitest'
import type { Eid, GroupId, InvitationId, MemberId, PeerId } from '../../../../shared/domain/ids.ts'
import { systemRandom } from '../../../kernel/random.ts'
import type { JoinAnswer, JoinRequest, PresentedLeaf } from '../../../ports/wire.ts'
import { wireCodecContract } from '../../../testing/contracts/wire-codec-contract.ts'
import { FakeClock } from '../../../testing/fakes/fake-clock.ts'
import {
  JOINS_IN_ALL,
  JOINS_PER_PEER,
  MISSES_REMEMBERED,
  JOIN_WINDOW_MS,
  MAX_COMMITS,
  MAX_COMMITS_BYTES,
  MAX_JOIN_REQUEST_BYTES,
  MAX_KEY_PACKAGES,
} from './constants.ts'
import { MAX_KEY_PACKAGE_BYTES, MAX_LATER_MS } from './constants.ts'
import { decodeJoinAnswer, encodeJoinAnswer } from './join-answer.ts'
import { JoinRate } from './join-rate.ts'
import { decodeJoinRequest, encodeJoinRequest } from './join-request.ts'

const request = (keyPackages: number, size: number): JoinRequest => ({
  groupId: systemRandom.id<GroupId>(),
  invitationId: systemRandom.id<InvitationId>(),
  requestId: systemRandom.id<string>(),
  keyPackages: Array.from({ length: keyPackages }, () => systemRandom.bytes(size)),
  signature: systemRandom.bytes(64),
})
const fresh = (size: number): PresentedLeaf => ({
  leafKey: systemRandom.bytes(32),
  keyPackage: systemRandom.bytes(size),
  signature: systemRandom.bytes(64),
  peer: systemRandom.bytes(64),
})
const id = new Uint8Array(16)
const freshWire = { leaf: new Uint8Array(32), keyPackage: Uint8Array.of(1), signature: new Uint8Array(64), peer: new Uint8Array(64) }
const wire = { group: id, invitation: id, request: id, keyPackages: [Uint8Array.of(1)], signature: new Uint8Array(64) }

wireCodecContract('a join request', {
  encode: encodeJoinRequest,
  decode: decodeJoinRequest,
  valid: [request(1, 50), request(MAX_KEY_PACKAGES, 3_000), { ...request(1, 50), fresh: fresh(50) }],
  invalid: [
    ['no key package', { ...wire, keyPackages: [] }],
    ['too many key packages', { ...wire, keyPackages: Array.from({ length: MAX_KEY_PACKAGES + 1 }, () => Uint8Array.of(1)) }],
    ['a large key package', { ...wire, keyPackages: [new Uint8Array(MAX_KEY_PACKAGE_BYTES + 1)] }],
    ['an empty key package', { ...wire, keyPackages: [new Uint8Array()] }],
    ['a short signature', { ...wire, signature: new Uint8Array(63) }],
    ['a request id of 15 bytes', { ...wire, request: id.subarray(1) }],
    ['a field too many', { ...wire, name: 'Eve' }],
    ['no fresh leaf where one is named', { ...wire, fresh: null }],
    ['a fresh leaf for one with a short key', { ...wire, fresh: { ...freshWire, leaf: new Uint8Array(31) } }],
    ['a fresh leaf with a large key package', { ...wire, fresh: { ...freshWire, keyPackage: new Uint8Array(MAX_KEY_PACKAGE_BYTES + 1) } }],
    ['a fresh leaf with a short word of the peer', { ...wire, fresh: { ...freshWire, peer: new Uint8Array(63) } }],
    ['a fresh leaf with a field too many', { ...wire, fresh: { ...freshWire, group: id } }],
  ],
})

describe('a join request', () => {
  it('fits the protocol at its largest', () => {
    const largest = { ...request(MAX_KEY_PACKAGES, MAX_KEY_PACKAGE_BYTES), fresh: fresh(MAX_KEY_PACKAGE_BYTES) }
    expect(encodeJoinRequest(largest).length).toBeLessThanOrEqual(MAX_JOIN_REQUEST_BYTES)
  })
})

const welcome: JoinAnswer = {
  kind: 'welcome',
  welcome: systemRandom.bytes(100),
  commits: [{ eid: systemRandom.id<Eid>(), bytes: systemRandom.bytes(20) }],
  peers: [{ memberId: systemRandom.id<MemberId>(), record: systemRandom.bytes(200) }],
  by: { leafIndex: 3, signature: systemRandom.bytes(64) },
}
const welcomeWire = {
  kind: 'welcome',
  welcome: Uint8Array.of(1),
  commits: [{ eid: id, bytes: Uint8Array.of(1) }],
  peers: [],
  by: { leaf: 3, signature: new Uint8Array(64) },
}

wireCodecContract('a join answer', {
  encode: encodeJoinAnswer,
  decode: decodeJoinAnswer,
  valid: [
    welcome,
    { kind: 'refused', code: 'already-member' },
    { kind: 'refused', code: 'invitation-expired' },
    { kind: 'later', afterMs: 0 },
    { kind: 'later', afterMs: MAX_LATER_MS },
    { kind: 'leaf', leafKey: systemRandom.bytes(32) },
  ],
  invalid: [
    ['an unknown kind', { kind: 'perhaps' }],
    ['an unknown refusal', { kind: 'refused', code: 'bad-hair' }],
    ['a welcome by nobody', { ...welcomeWire, by: undefined }],
    ['a welcome by a leaf that cannot be', { ...welcomeWire, by: { ...welcomeWire.by, leaf: -1 } }],
    ['a welcome with half a signature', { ...welcomeWire, by: { ...welcomeWire.by, signature: new Uint8Array(32) } }],
    ['an empty welcome', { ...welcomeWire, welcome: new Uint8Array() }],
    ['too many commits', { ...welcomeWire, commits: Array.from({ length: MAX_COMMITS + 1 }, () => welcomeWire.commits[0]) }],
    [
      'commits that are too large',
      { ...welcomeWire, commits: [{ eid: id, bytes: new Uint8Array(MAX_COMMITS_BYTES) }, ...welcomeWire.commits] },
    ],
    ['a field of another kind', { kind: 'later', afterMs: 1, code: 'not-permitted' }],
    ['a negative wait', { kind: 'later', afterMs: -1 }],
    ['a short leaf key', { kind: 'leaf', leafKey: systemRandom.bytes(31) }],
  ],
})

describe('a join answer', () => {
  it('cannot put the joiner to sleep', () => {
    expect(decodeJoinAnswer(encodeJoinAnswer({ kind: 'later', afterMs: Number.MAX_SAFE_INTEGER }))).toEqual({
      kind: 'later',
      afterMs: MAX_LATER_MS,
    })
  })
})

describe('the rate of joins', () => {
  const peer = (n: number): PeerId => `peer ${n}` as PeerId

  it('is limited for each peer, and lets it ask again later', () => {
    const clock = new FakeClock()
    const rate = new JoinRate(clock)
    for (let i = 0; i < JOINS_PER_PEER; i += 1) expect(rate.admit(peer(1))).not.toBeNull()
    expect(rate.admit(peer(1))).toBeNull()
    expect(rate.admit(peer(2))).not.toBeNull()
    clock.advance(JOIN_WINDOW_MS - 1)
    expect(rate.admit(peer(1))).toBeNull()
    clock.advance(1)
    expect(rate.admit(peer(1))).not.toBeNull()
  })

  it('begins anew where the clock was put back', () => {
    const clock = new FakeClock()
    const rate = new JoinRate(clock)
    for (let i = 0; i < JOINS_IN_ALL; i += 1) rate.admit(peer(i))
    clock.advance(-JOIN_WINDOW_MS)
    expect(rate.admit(peer(0))).not.toBeNull()
  })

  it('is limited for all together, since peer ids cost nothing', () => {
    const rate = new JoinRate(new FakeClock())
    for (let i = 0; i < JOINS_IN_ALL; i += 1) expect(rate.admit(peer(i))).not.toBeNull()
    expect(rate.admit(peer(JOINS_IN_ALL))).toBeNull()
  })

  it('counts what shows no invitation of ours for its peer alone, so that strangers keep out nobody who is invited', () => {
    const rate = new JoinRate(new FakeClock())
    for (let i = 0; i < JOINS_IN_ALL * 2; i += 1) rate.admit(peer(i % (JOINS_IN_ALL / 2)))?.()
    expect(rate.admit(peer(JOINS_IN_ALL))).not.toBeNull()
    for (let i = 0; i < JOINS_PER_PEER; i += 1) rate.admit(peer(0))?.()
    expect(rate.admit(peer(0))).toBeNull()
  })

  it('remembers a bounded number of those', () => {
    const rate = new JoinRate(new FakeClock())
    for (let i = 0; i < MISSES_REMEMBERED; i += 1) rate.admit(peer(Math.floor(i / JOINS_PER_PEER)))?.()
    expect(rate.admit(peer(0))).toBeNull()
    for (let i = 0; i < JOINS_PER_PEER; i += 1) rate.admit(peer(-1 - i))?.()
    expect(rate.admit(peer(0))).not.toBeNull()
  })
})
