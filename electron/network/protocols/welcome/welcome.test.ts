import { describe, expect, it } from 'vitest'
import type { Eid, GroupId, MemberId, PeerId } from '../../../../shared/domain/ids.ts'
import { systemRandom } from '../../../kernel/random.ts'
import type { MemberOffer, WelcomeAnswer, WelcomeRequest } from '../../../ports/wire.ts'
import { wireCodecContract } from '../../../testing/contracts/wire-codec-contract.ts'
import { FakeClock } from '../../../testing/fakes/fake-clock.ts'
import { MAX_COMMITS, MAX_COMMITS_BYTES, MAX_KEY_PACKAGE_BYTES, MAX_LATER_MS, MAX_WELCOME_BYTES } from '../join/constants.ts'
import { PeerRate } from '../peer-rate.ts'
import {
  MAX_MEMBERS,
  MAX_OFFER_PACKAGES,
  MAX_OFFERS,
  MAX_OFFERS_BYTES,
  MAX_WELCOME_ANSWER_BYTES,
  MAX_WELCOME_REQUEST_BYTES,
  WELCOME_WINDOW_MS,
  WELCOMES_PER_PEER,
} from './constants.ts'
import { decodeWelcomeAnswer, encodeWelcomeAnswer } from './welcome-answer.ts'
import { decodeWelcomeRequest, encodeWelcomeRequest } from './welcome-request.ts'

const offer = (size: number, packages = MAX_OFFER_PACKAGES): MemberOffer => ({
  memberId: systemRandom.id<MemberId>(),
  at: 1_750_000_000_000,
  packages: Array.from({ length: packages }, () => systemRandom.bytes(size)),
  signature: systemRandom.bytes(64),
})
const commit = (size: number) => ({ eid: systemRandom.id<Eid>(), bytes: systemRandom.bytes(size) })
const call = (welcome: Uint8Array | null, commits = [commit(20)]): WelcomeRequest => ({
  kind: 'call',
  groupId: systemRandom.id<GroupId>(),
  call: { group: systemRandom.id<GroupId>(), leafKey: systemRandom.bytes(32), welcome, commits },
})
const offers = (own: MemberOffer | null, members: number): WelcomeRequest => ({
  ...{ kind: 'offers', groupId: systemRandom.id<GroupId>(), own },
  have: Array.from({ length: members }, () => ({ memberId: systemRandom.id<MemberId>(), at: 1_750_000_000_000 })),
})
const id = new Uint8Array(16)
const callWire = { kind: 'call', space: id, group: id, leaf: new Uint8Array(32), welcome: null, commits: [] }
const offersWire = { kind: 'offers', space: id, own: null, have: [] }
const offerWire = [id, 1, [Uint8Array.of(1)], new Uint8Array(64)]

wireCodecContract('a call, or a question about offers', {
  encode: encodeWelcomeRequest,
  decode: decodeWelcomeRequest,
  valid: [call(null, []), call(systemRandom.bytes(500)), offers(null, 0), offers(offer(50), 3)],
  invalid: [
    ['an empty Welcome', { ...callWire, welcome: new Uint8Array() }],
    ['a short leaf key', { ...callWire, leaf: new Uint8Array(31) }],
    ['a call without a group', { ...callWire, group: id.subarray(1) }],
    ['too many commits', { ...callWire, commits: Array.from({ length: MAX_COMMITS + 1 }, () => ({ eid: id, bytes: Uint8Array.of(1) })) }],
    ['an offer without packages', { ...offersWire, own: [id, 1, [], new Uint8Array(64)] }],
    ['an offer of too many', { ...offersWire, own: [id, 1, Array.from({ length: 5 }, () => Uint8Array.of(1)), new Uint8Array(64)] }],
    ['an offer without a signature', { ...offersWire, own: offerWire.slice(0, 3) }],
    ['too many members', { ...offersWire, have: Array.from({ length: MAX_MEMBERS + 1 }, () => [id, 1]) }],
    ['both at once', { ...callWire, have: [] }],
  ],
})

wireCodecContract('an answer to a call', {
  encode: encodeWelcomeAnswer,
  decode: (body) => decodeWelcomeAnswer(body, 'call'),
  valid: [
    { kind: 'done' },
    { kind: 'refused' },
    { kind: 'later', afterMs: MAX_LATER_MS },
    { kind: 'return', keyPackage: systemRandom.bytes(MAX_KEY_PACKAGE_BYTES), signature: systemRandom.bytes(64) },
  ],
  invalid: [
    ['offers that were not asked for', { kind: 'offers', offers: [] }],
    ['a return without a signature', { kind: 'return', keyPackage: Uint8Array.of(1) }],
    ['an unknown kind', { kind: 'perhaps' }],
  ],
})

wireCodecContract('an answer about offers', {
  encode: encodeWelcomeAnswer,
  decode: (body) => decodeWelcomeAnswer(body, 'offers'),
  valid: [
    { kind: 'offers', offers: [] },
    { kind: 'offers', offers: [offer(40), offer(50, 1)] },
    { kind: 'later', afterMs: 1 },
  ],
  invalid: [
    ['what only a call is answered with', { kind: 'done' }],
    ['too many of them', { kind: 'offers', offers: Array.from({ length: MAX_OFFERS + 1 }, () => offerWire) }],
  ],
})

describe('the welcome protocol', () => {
  it('has room for the largest of each', () => {
    const commits = Array.from({ length: MAX_COMMITS }, () => commit(Math.floor(MAX_COMMITS_BYTES / MAX_COMMITS)))
    expect(encodeWelcomeRequest(call(new Uint8Array(MAX_WELCOME_BYTES), commits)).length).toBeLessThanOrEqual(MAX_WELCOME_REQUEST_BYTES)
    expect(encodeWelcomeRequest(offers(offer(MAX_KEY_PACKAGE_BYTES), MAX_MEMBERS)).length).toBeLessThanOrEqual(MAX_WELCOME_REQUEST_BYTES)
    const many = Array.from({ length: MAX_OFFERS }, () => offer(Math.floor(MAX_OFFERS_BYTES / MAX_OFFERS / MAX_OFFER_PACKAGES)))
    const answer: WelcomeAnswer = { kind: 'offers', offers: many }
    expect(encodeWelcomeAnswer(answer).length).toBeLessThanOrEqual(MAX_WELCOME_ANSWER_BYTES)
  })

  it('lets one peer call so often, and again later', () => {
    const clock = new FakeClock()
    const rate = new PeerRate(clock, { most: WELCOMES_PER_PEER, windowMs: WELCOME_WINDOW_MS })
    const peer = 'one' as PeerId
    for (let i = 0; i < WELCOMES_PER_PEER; i++) expect(rate.admit(peer)).toBe(true)
    expect(rate.admit(peer)).toBe(false)
    expect(rate.admit('other')).toBe(true)
    clock.advance(WELCOME_WINDOW_MS)
    expect(rate.admit(peer)).toBe(true)
  })
})
