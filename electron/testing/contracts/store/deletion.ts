import { describe, expect, test } from 'vitest'
import type { MessageRow, Store, StoredMessage } from '../../../ports/store.ts'
import type { CurrentStore } from './current-store.ts'
import { addMessage, channelId, groupId, groupRow, memberId, messageId, messageRow, objectId, SELF } from './rows.ts'

const add = (store: Store, ...rows: MessageRow[]): (StoredMessage | null)[] =>
  store.transaction((tx) => rows.map((row) => addMessage(tx, row)))
const remove = (store: Store, n: number): StoredMessage | null => store.transaction((tx) => tx.messages.deleteForMe(messageId(n)))
const sweep = (store: Store, before: number, limit = 100) => store.transaction((tx) => tx.messages.sweep(channelId(1), before, limit))
const texts = (store: Store, channel = channelId(1)): string[] => store.messages.page(channel, 100, null).messages.map((m) => m.text)
const found = (store: Store, words: string): string[] =>
  store.search
    .find({ terms: [{ words, prefix: false }], groups: null, channelId: null, order: 'newest', limit: 100, before: null })
    .messages.map((m) => m.text)

export function deletionContract(current: CurrentStore): void {
  describe('a message deleted here', () => {
    test('is gone from everywhere, is answered once, and leaves the others', () => {
      const store = current()
      add(store, messageRow(1), messageRow(2))
      expect(remove(store, 1)).toEqual({ ...messageRow(1), seq: 1 })
      expect(remove(store, 1)).toBeNull()
      expect([store.messages.get(messageId(1)), store.messages.ofObject(objectId(1))]).toEqual([null, null])
      expect([texts(store), found(store, 'text 1'), found(store, 'text')]).toEqual([['text 2'], [], ['text 2']])
      expect([store.messages.wasDeleted(messageId(1)), store.messages.wasDeleted(messageId(2))]).toEqual([true, false])
    })

    test('never comes back, in whatever object it comes again', () => {
      const store = current()
      add(store, messageRow(1))
      remove(store, 1)
      expect(add(store, messageRow(1), messageRow(1, { objectId: objectId(9) }))).toEqual([null, null])
      expect(texts(store)).toEqual([])
    })

    test("does not keep another author's message of the same id away", () => {
      const store = current()
      add(store, messageRow(1), messageRow(1, { author: memberId(2), objectId: objectId(2), text: 'theirs' }))
      expect(remove(store, 1)?.author).toBe(memberId(1))
      expect(store.messages.get(messageId(1))?.text).toBe('theirs')
      expect(remove(store, 1)?.author).toBe(memberId(2))
      expect(store.messages.get(messageId(1))).toBeNull()
    })

    test('gives its number to no other', () => {
      const store = current()
      add(store, messageRow(1), messageRow(2))
      remove(store, 2)
      expect(add(store, messageRow(3))[0]?.seq).toBe(3)
    })

    test('is no longer unread, and one that was read or is our own changes no count', () => {
      const store = current()
      store.transaction((tx) => tx.groups.put(groupRow()))
      add(store, messageRow(1), messageRow(2, { author: SELF }), messageRow(3), messageRow(4))
      store.transaction((tx) => tx.messages.markRead(channelId(1), 1))
      const counts = [1, 2, 3, 3, 4].map((n) => (remove(store, n), store.messages.unread(channelId(1))))
      expect(counts).toEqual([2, 2, 1, 1, 0])
      add(store, messageRow(5))
      expect(store.messages.unread(channelId(1))).toBe(1)
    })

    test('leaves an answer to it as it is', () => {
      const store = current()
      add(store, messageRow(1), messageRow(2, { replyTo: messageId(1) }))
      remove(store, 1)
      expect(store.messages.get(messageId(2))?.replyTo).toBe(messageId(1))
    })

    test('whose ciphertext is owed to others still reaches them, and is queued for nobody to see', () => {
      const store = current()
      store.transaction((tx) => {
        tx.groups.put(groupRow())
        addMessage(tx, messageRow(1, { author: SELF }))
        tx.deliveries.owe(objectId(1), groupId(1), [memberId(1)])
      })
      remove(store, 1)
      expect(store.deliveries.owedTo(groupId(1), memberId(1), 5)).toEqual([objectId(1)])
      expect(store.objects.get(objectId(1))).not.toBeNull()
      expect(store.deliveries.queued()).toEqual([])
      expect(store.transaction((tx) => tx.deliveries.ack(objectId(1), memberId(1), 5))).toBe(true)
    })

    test('is there again if the step that deleted it failed', () => {
      const store = current()
      add(store, messageRow(1))
      const failing = (): void =>
        store.transaction((tx) => {
          tx.messages.deleteForMe(messageId(1))
          throw new Error('planned')
        })
      expect(failing).toThrow('planned')
      expect([texts(store), found(store, 'text'), store.messages.wasDeleted(messageId(1))]).toEqual([['text 1'], ['text 1'], false])
    })
  })

  describe('a channel that does not keep everything', () => {
    const keep = (store: Store, days: number | null): void => store.transaction((tx) => tx.messages.setKeepDays(channelId(1), days))

    test('says for how long, until it keeps everything again', () => {
      const store = current()
      expect([store.messages.keepDays(channelId(1)), store.messages.channelsWithKeepDays()]).toEqual([null, []])
      keep(store, 7)
      keep(store, 30)
      expect([store.messages.keepDays(channelId(1)), store.messages.keepDays(channelId(2))]).toEqual([30, null])
      expect(store.messages.channelsWithKeepDays()).toEqual([{ channelId: channelId(1), keepDays: 30 }])
      keep(store, null)
      expect([store.messages.keepDays(channelId(1)), store.messages.channelsWithKeepDays()]).toEqual([null, []])
    })

    test('loses what is older, the oldest first, a slice at a time', () => {
      const store = current()
      add(store, messageRow(3), messageRow(1), messageRow(2), messageRow(4), messageRow(1001, { channelId: channelId(2), lamport: 1 }))
      expect(sweep(store, 4, 2)).toEqual([messageId(1), messageId(2)])
      expect(sweep(store, 4, 2)).toEqual([messageId(3)])
      expect(sweep(store, 4, 2)).toEqual([])
      expect([texts(store), texts(store, channelId(2)), found(store, 'text').length]).toEqual([['text 4'], ['text 1001'], 2])
    })

    test("takes none of others' from the time it swept, though one's own", () => {
      const store = current()
      store.transaction((tx) => tx.groups.put(groupRow()))
      keep(store, 7)
      add(store, messageRow(5))
      sweep(store, 50)
      const again = add(store, messageRow(5, { objectId: objectId(6) }), messageRow(49), messageRow(50), messageRow(7, { author: SELF }))
      expect(again.map((m) => m?.seq ?? null)).toEqual([null, null, 2, 3])
      sweep(store, 20)
      expect(add(store, messageRow(48))).toEqual([null])
      keep(store, null)
      expect(add(store, messageRow(47))[0]?.seq).toBe(4)
    })

    test('counts none of what was swept as unread', () => {
      const store = current()
      add(store, messageRow(1), messageRow(2), messageRow(3))
      sweep(store, 3)
      expect(store.messages.unread(channelId(1))).toBe(1)
    })
  })
}
