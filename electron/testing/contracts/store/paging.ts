import { describe, expect, test } from 'vitest'
import type { MessageId } from '../../../../shared/domain/ids.ts'
import type { MessageRow, Store } from '../../../ports/store.ts'
import type { CurrentStore } from './current-store.ts'
import { channelId, memberId, messageId, messageRow, objectId, addMessage } from './rows.ts'

const add = (store: Store, ...rows: MessageRow[]): void => store.transaction((tx) => rows.forEach((row) => addMessage(tx, row)))

/** Ids of all pages, one list for each. `between` runs before each page but the first. */
function pages(store: Store, limit: number, between: (page: number) => void = () => undefined): MessageId[][] {
  const all: MessageId[][] = []
  let cursor: string | null = null
  do {
    if (all.length > 0) between(all.length)
    const page = store.messages.page(channelId(1), limit, cursor)
    all.push(page.messages.map((m) => m.messageId))
    cursor = page.nextCursor
  } while (cursor !== null && all.length < 50)
  return all
}

const ids = (...numbers: number[]): MessageId[] => numbers.map(messageId)

export function pagingContract(current: CurrentStore): void {
  describe('pages', () => {
    test('are newest first by Lamport time, then by id, whatever the order of arrival', () => {
      const store = current()
      add(store, messageRow(3), messageRow(1), messageRow(8, { lamport: 2 }), messageRow(2), messageRow(7, { lamport: 2 }))
      expect(pages(store, 10)).toEqual([ids(3, 8, 7, 2, 1)])
    })

    test('meet without gap or overlap, and the last has no cursor', () => {
      const store = current()
      add(store, ...[1, 2, 3, 4, 5, 6].map((n) => messageRow(n, { lamport: Math.ceil(n / 4) })))
      expect(pages(store, 2)).toEqual([ids(6, 5), ids(4, 3), ids(2, 1)])
      expect(pages(store, 6)).toEqual([ids(6, 5, 4, 3, 2, 1)])
      expect(pages(store, 4)).toEqual([ids(6, 5, 4, 3), ids(2, 1)])
    })

    test('of an empty channel are one empty page', () => {
      expect(current().messages.page(channelId(1), 10, null)).toEqual({ messages: [], nextCursor: null, previousCursor: null })
    })

    test('hold one channel only', () => {
      const store = current()
      add(store, messageRow(1), messageRow(2, { channelId: channelId(2) }))
      expect(pages(store, 10)).toEqual([ids(1)])
    })

    test('lose nothing where two authors used one id at one time', () => {
      const store = current()
      add(store, messageRow(1), messageRow(1, { author: memberId(2), objectId: objectId(2) }), messageRow(2))
      expect(pages(store, 1)).toEqual([ids(2), ids(1), ids(1)])
    })

    test('stay whole while newer messages arrive', () => {
      const store = current()
      add(store, messageRow(1), messageRow(2), messageRow(3), messageRow(4))
      expect(pages(store, 2, (page) => add(store, messageRow(100 + page)))).toEqual([ids(4, 3), ids(2, 1)])
    })

    test('show an older message that arrives while paging, if it belongs further down', () => {
      const store = current()
      add(store, messageRow(10), messageRow(20), messageRow(30))
      expect(pages(store, 2, () => add(store, messageRow(5), messageRow(25)))).toEqual([ids(30, 20), ids(10, 5)])
    })

    test('work at the largest Lamport time, and their cursors fit the contract of calls', () => {
      const store = current()
      const far = Number.MAX_SAFE_INTEGER
      add(store, messageRow(1, { lamport: far }), messageRow(2, { lamport: far }))
      expect(pages(store, 1)).toEqual([ids(2), ids(1)])
      expect(store.messages.page(channelId(1), 1, null).nextCursor?.length).toBeLessThanOrEqual(64)
    })

    test.each([
      '',
      'x',
      '1.1',
      '1.1.',
      `1.1.${'0'.repeat(41)}`,
      '1.1.a b',
      '1.1.abc',
      "1.1.'--",
      'zzzzzzzzzzz.1.aa',
      '01.1.aa',
      '-1.1.aa',
      '1.1.aa\n',
      '1.1.aa.1',
    ])('refuse %j as a cursor', (cursor) => {
      const store = current()
      add(store, messageRow(1))
      expect(() => store.messages.page(channelId(1), 10, cursor)).toThrow(expect.objectContaining({ code: 'invalid' }))
    })
  })
}
