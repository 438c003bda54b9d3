import { describe, expect, it } from 'vitest'
import type { ChannelId, GroupId, MemberId, MessageId, PeerId } from '../../../../shared/domain/ids.ts'
import { systemRandom } from '../../../kernel/random.ts'
import { wireCodecContract } from '../../../testing/contracts/wire-codec-contract.ts'
import { FakeClock } from '../../../testing/fakes/fake-clock.ts'
import {
  HISTORY_WINDOW_MS,
  MAX_CONTENT_BYTES,
  MAX_HISTORY_ANSWER_BYTES,
  MAX_PAGE_MESSAGES,
  PAGE_BYTES,
  PAGES_PER_PEER,
} from './constants.ts'
import { decodeHistoryAnswer, encodeHistoryAnswer } from './history-answer.ts'
import { HistoryRate } from './history-rate.ts'
import { decodeHistoryRequest, encodeHistoryRequest } from './history-request.ts'

const groupId = systemRandom.id<GroupId>()
const place = { channelId: systemRandom.id<ChannelId>(), lamport: 9, messageId: systemRandom.id<MessageId>() }
const id = new Uint8Array(16)

wireCodecContract('a request for history', {
  encode: encodeHistoryRequest,
  decode: decodeHistoryRequest,
  valid: [
    { groupId, after: null },
    { groupId, after: place },
  ],
  invalid: [
    ['a group id of 15 bytes', { group: id.subarray(1), after: null }],
    ['half a place', { group: id, after: [id, 1] }],
    ['a negative time', { group: id, after: [id, -1, id] }],
    ['no place', { group: id }],
    ['a field too many', { group: id, after: null, count: 5 }],
  ],
})

const past = (size: number) => ({ author: systemRandom.id<MemberId>(), name: 'Ann', content: systemRandom.bytes(size) })

wireCodecContract('an answer to it', {
  encode: encodeHistoryAnswer,
  decode: decodeHistoryAnswer,
  valid: [
    { kind: 'none' },
    { kind: 'later', afterMs: 5 },
    { kind: 'page', messages: [], next: null },
    { kind: 'page', messages: [past(10), past(20)], next: place },
    { kind: 'page', messages: [past(MAX_CONTENT_BYTES)], next: null },
  ],
  invalid: [
    ['an unknown kind', { kind: 'all' }],
    ['a message without content', { kind: 'page', messages: [[id, 'Ann', new Uint8Array()]], next: null }],
    ['a message without name', { kind: 'page', messages: [[id, '', id]], next: null }],
    ['a name that is not trimmed', { kind: 'page', messages: [[id, 'Ann ', id]], next: null }],
    ['a name that turns text around', { kind: 'page', messages: [[id, 'Ann\u202e', id]], next: null }],
    ['too large a message', { kind: 'page', messages: [[id, 'Ann', new Uint8Array(MAX_CONTENT_BYTES + 1)]], next: null }],
    ['too many', { kind: 'page', messages: Array(MAX_PAGE_MESSAGES + 1).fill([id, 'Ann', id]), next: null }],
    ['too much', { kind: 'page', messages: Array(2).fill([id, 'Ann', new Uint8Array(PAGE_BYTES / 2 + 1)]), next: null }],
    ['a negative wait', { kind: 'later', afterMs: -1 }],
  ],
})

describe('a page of history', () => {
  it('fits the protocol at its largest', () => {
    const each = {
      author: systemRandom.id<MemberId>(),
      name: '\u{10ffff}'.repeat(32),
      content: systemRandom.bytes(PAGE_BYTES / MAX_PAGE_MESSAGES),
    }
    const most = encodeHistoryAnswer({ kind: 'page', messages: Array.from({ length: MAX_PAGE_MESSAGES }, () => each), next: place })
    expect(most.length).toBeLessThanOrEqual(MAX_HISTORY_ANSWER_BYTES)
  })

  it('is one of so many in a minute for each peer', () => {
    const clock = new FakeClock()
    const rate = new HistoryRate(clock)
    const [one, other] = ['one' as PeerId, 'other' as PeerId]
    for (let i = 0; i < PAGES_PER_PEER; i++) expect(rate.admit(one)).toBe(true)
    expect([rate.admit(one), rate.admit(other)]).toEqual([false, true])
    clock.advance(HISTORY_WINDOW_MS)
    expect(rate.admit(one)).toBe(true)
  })

  it('is forgotten once its minute is over, also of peers that never come again', () => {
    const clock = new FakeClock()
    const rate = new HistoryRate(clock)
    for (let i = 0; i < 50; i++) rate.admit(`peer ${i}` as PeerId)
    clock.advance(HISTORY_WINDOW_MS - 1)
    rate.admit('late' as PeerId)
    expect(rate.size).toBe(51)
    clock.advance(1)
    rate.admit('later' as PeerId)
    expect(rate.size).toBe(2)
  })

  it('begins anew where the clock was put back', () => {
    const clock = new FakeClock()
    const rate = new HistoryRate(clock)
    const one = 'one' as PeerId
    for (let i = 0; i < PAGES_PER_PEER; i++) rate.admit(one)
    clock.advance(-1)
    expect(rate.admit(one)).toBe(true)
  })
})
