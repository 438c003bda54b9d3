import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MessageId } from '../../../../shared/domain/ids.ts'
import type { Landing } from '../../../../shared/domain/models.ts'
import type { MessageRow, MessageSlice, Store } from '../../../ports/store.ts'
import type { CurrentStore } from './current-store.ts'
import { addMessage, channelId, groupRow, memberId, messageId, messageRow, objectId, SELF } from './rows.ts'

const add = (store: Store, ...rows: MessageRow[]): void => store.transaction((tx) => rows.forEach((row) => addMessage(tx, row)))
const ids = (...numbers: number[]): MessageId[] => numbers.map(messageId)
const idsOf = (slice: MessageSlice | null): MessageId[] => slice?.messages.map((m) => m.messageId) ?? []
const MOST = 1000

/** Messages 1…count, each later than the one before. */
const fill = (store: Store, count: number): void => add(store, ...Array.from({ length: count }, (_, n) => messageRow(n + 1)))

const land = (store: Store, limit: number, landing: Landing): MessageId[] => idsOf(store.messages.around(channelId(1), limit, landing))

export function pagingBothWaysContract(current: CurrentStore): void {
  describe('pages towards the newest', () => {
    test('lead back the way one came', () => {
      const store = current()
      fill(store, 9)
      const first = store.messages.page(channelId(1), 3, null)
      const second = store.messages.page(channelId(1), 3, first.nextCursor)
      const third = store.messages.page(channelId(1), 3, second.nextCursor)
      expect([first.previousCursor, third.nextCursor]).toEqual([null, null])
      const back = store.messages.newer(channelId(1), 3, third.previousCursor ?? '')
      expect(back).toEqual(second)
      expect(store.messages.newer(channelId(1), 3, back.previousCursor ?? '')).toEqual(first)
    })

    test('take what is next to the place, not the newest', () => {
      const store = current()
      fill(store, 9)
      const { nextCursor } = store.messages.page(channelId(1), 7, null)
      expect(idsOf(store.messages.newer(channelId(1), 2, nextCursor ?? ''))).toEqual(ids(5, 4))
    })

    test('end without a cursor, and an empty one keeps its place', () => {
      const store = current()
      fill(store, 4)
      const end = store.messages.page(channelId(1), 2, null).nextCursor ?? ''
      store.transaction((tx) => [4, 3].forEach((n) => tx.messages.deleteForMe(messageId(n))))
      expect(store.messages.newer(channelId(1), 2, end)).toEqual({ messages: [], nextCursor: end, previousCursor: null })
      add(store, messageRow(9))
      expect(idsOf(store.messages.newer(channelId(1), 2, end))).toEqual(ids(9))
    })

    test('refuse what is no cursor', () => {
      const store = current()
      expect(() => store.messages.newer(channelId(1), 2, '1.1')).toThrow(expect.objectContaining({ code: 'invalid' }))
    })
  })

  describe('a page around a place', () => {
    test('holds the message and both sides of it', () => {
      const store = current()
      fill(store, 20)
      expect(land(store, 5, { kind: 'message', messageId: messageId(10) })).toEqual(ids(12, 11, 10, 9, 8))
      expect(land(store, 4, { kind: 'message', messageId: messageId(10) })).toEqual(ids(11, 10, 9, 8))
      expect(land(store, 1, { kind: 'message', messageId: messageId(10) })).toEqual(ids(10))
    })

    test('is full also near an end, and says what lies beyond', () => {
      const store = current()
      fill(store, 20)
      const oldest = store.messages.around(channelId(1), 5, { kind: 'message', messageId: messageId(1) })
      expect([idsOf(oldest), oldest?.nextCursor]).toEqual([ids(5, 4, 3, 2, 1), null])
      expect(idsOf(store.messages.newer(channelId(1), 2, oldest?.previousCursor ?? ''))).toEqual(ids(7, 6))
      const newest = store.messages.around(channelId(1), 5, { kind: 'message', messageId: messageId(20) })
      expect([idsOf(newest), newest?.previousCursor]).toEqual([ids(20, 19, 18, 17, 16), null])
      expect(idsOf(store.messages.page(channelId(1), 2, newest?.nextCursor ?? ''))).toEqual(ids(15, 14))
    })

    test('is the whole channel where that is short', () => {
      const store = current()
      fill(store, 3)
      const all = store.messages.around(channelId(1), 10, { kind: 'message', messageId: messageId(2) })
      expect(all).toEqual({ messages: store.messages.page(channelId(1), 10, null).messages, nextCursor: null, previousCursor: null })
    })

    test('of a message that is not in the channel is none', () => {
      const store = current()
      add(store, messageRow(1), messageRow(2, { channelId: channelId(2) }))
      for (const n of [2, 7]) expect(store.messages.around(channelId(1), 5, { kind: 'message', messageId: messageId(n) })).toBeNull()
    })

    test('of a date begins with the first message at or after it', () => {
      const store = current()
      add(store, ...[10, 20, 20, 30, 40].map((lamport, n) => messageRow(n + 1, { lamport })))
      expect(land(store, 1, { kind: 'date', at: 20 })).toEqual(ids(2))
      expect(land(store, 3, { kind: 'date', at: 21 })).toEqual(ids(5, 4, 3))
      expect(land(store, 2, { kind: 'date', at: 0 })).toEqual(ids(2, 1))
      expect(land(store, 2, { kind: 'date', at: 41 })).toEqual(ids(5, 4))
    })

    test("of what is unread is where the first of others' messages after the mark is, else the newest", () => {
      const store = current()
      store.transaction((tx) => tx.groups.put(groupRow()))
      add(store, messageRow(1), messageRow(2), messageRow(3, { author: SELF }), messageRow(4), messageRow(5), messageRow(6))
      store.transaction((tx) => tx.messages.markRead(channelId(1), 2))
      expect(land(store, 1, { kind: 'unread' })).toEqual(ids(4))
      expect(store.messages.readSeq(channelId(1))).toBe(2)
      store.transaction((tx) => tx.messages.markRead(channelId(1), 99))
      expect(land(store, 2, { kind: 'unread' })).toEqual(ids(6, 5))
      expect(store.messages.readSeq(channelId(1))).toBe(6)
    })

    test('of an empty channel is empty', () => {
      const empty: MessageSlice = { messages: [], nextCursor: null, previousCursor: null }
      for (const landing of [{ kind: 'date', at: 5 }, { kind: 'unread' }] as const)
        expect(current().messages.around(channelId(1), 5, landing)).toEqual(empty)
    })
  })

  describe('whatever comes and goes between pages', () => {
    test('no message is seen twice or missed, in either direction, under ties', () => {
      fc.assert(
        fc.property(plan, (walk) => {
          runWalk(current(), walk)
        }),
        { numRuns: 60 },
      )
    })

    test('a page around anything is a piece of the sorted list', () => {
      const store = current()
      const times = fc.sample(fc.array(fc.nat({ max: 6 }), { minLength: 25, maxLength: 25 }), { numRuns: 1, seed: 7 })[0] ?? []
      add(store, ...times.map((lamport, n) => messageRow(n + 1, { lamport })))
      const sorted = idsOf(store.messages.page(channelId(1), MOST, null))
      for (const limit of [1, 2, 7, 24, 25, 26]) {
        for (const target of sorted) {
          const page = store.messages.around(channelId(1), limit, { kind: 'message', messageId: target })
          const from = sorted.indexOf(idsOf(page)[0] ?? target)
          expect(idsOf(page)).toEqual(sorted.slice(from, from + Math.min(limit, sorted.length)))
          expect(idsOf(page)).toContain(target)
          expect([page?.previousCursor === null, page?.nextCursor === null]).toEqual([from === 0, from + limit >= sorted.length])
        }
      }
    })
  })
}

interface Walk {
  direction: 'older' | 'newer'
  limit: number
  times: number[]
  between: { add: number[]; remove: number[] }[]
}

const time = fc.nat({ max: 5 })
const plan: fc.Arbitrary<Walk> = fc.record({
  direction: fc.constantFrom('older', 'newer'),
  limit: fc.integer({ min: 1, max: 4 }),
  times: fc.array(time, { minLength: 1, maxLength: 14 }),
  between: fc.array(fc.record({ add: fc.array(time, { maxLength: 2 }), remove: fc.array(fc.nat({ max: 13 }), { maxLength: 2 }) }), {
    maxLength: 6,
  }),
})

let next = 0

/** Walks a channel of its own, and holds what is seen against a plain sorted list. */
function runWalk(store: Store, { direction, limit, times, between }: Walk): void {
  const channel = channelId(++next + 100)
  const author = memberId(1)
  const put = (lamports: readonly number[]): MessageId[] =>
    lamports.map((lamport) => {
      const row = messageRow(++next, { channelId: channel, lamport, author, objectId: objectId(next) })
      add(store, row)
      return row.messageId
    })
  const initial = put(times)
  const lasting = new Set(initial)
  const seen: MessageId[] = []
  const all = (): MessageId[] => idsOf(store.messages.page(channel, MOST, null))
  const order = (): MessageId[] => (direction === 'older' ? all() : all().toReversed())
  const [start] = order()
  const first = store.messages.around(channel, 1, { kind: 'message', messageId: start ?? messageId(0) })
  seen.push(...idsOf(first))
  let cursor = (direction === 'older' ? first?.nextCursor : first?.previousCursor) ?? null
  for (let step = 0; cursor !== null && step < 60; step++) {
    const change = between[step]
    for (const n of change?.remove ?? []) {
      const gone = initial[n % initial.length]
      if (gone === undefined || gone === start) continue
      store.transaction((tx) => tx.messages.deleteForMe(gone))
      lasting.delete(gone)
    }
    put(change?.add ?? [])
    const page: MessageSlice =
      direction === 'older' ? store.messages.page(channel, limit, cursor) : store.messages.newer(channel, limit, cursor)
    expect(page.messages.length).toBeLessThanOrEqual(limit)
    seen.push(...(direction === 'older' ? idsOf(page) : idsOf(page).toReversed()))
    cursor = direction === 'older' ? page.nextCursor : page.previousCursor
  }
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen.filter((id) => lasting.has(id))).toEqual(order().filter((id) => lasting.has(id)))
}
