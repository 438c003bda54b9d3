import { describe, expect, test } from 'vitest'
import { InvariantError } from '../../../kernel/errors.ts'
import type { MessageRow, Store, StoredMessage } from '../../../ports/store.ts'
import type { CurrentStore } from './current-store.ts'
import { channelId, groupId, groupRow, memberId, messageId, messageRow, objectRow, objectId, SELF, addMessage } from './rows.ts'

const add = (store: Store, ...rows: MessageRow[]): (StoredMessage | null)[] =>
  store.transaction((tx) => rows.map((row) => addMessage(tx, row)))

export function messageContract(current: CurrentStore): void {
  describe('messages', () => {
    test('come back whole, as copies', () => {
      const store = current()
      const row = messageRow(1, { text: 'Grüße, 世界 🐼\n\0.', replyTo: messageId(9), failure: 'too old' })
      const [stored] = add(store, row)
      expect(stored).toEqual({ ...row, seq: 1 })
      stored?.content.fill(0)
      store.messages.get(messageId(1))?.content.fill(0)
      expect(store.messages.get(messageId(1))).toEqual({ ...row, seq: 1 })
      expect(store.messages.ofObject(objectId(1))).toEqual({ ...row, seq: 1 })
      expect(store.messages.get(messageId(2))).toBeNull()
      expect(store.messages.ofObject(objectId(2))).toBeNull()
    })

    test('are numbered 1, 2, 3… in each channel as they arrive', () => {
      const store = current()
      const added = add(store, messageRow(5), messageRow(3), messageRow(4, { channelId: channelId(2) }), messageRow(1))
      expect(added.map((m) => m?.seq)).toEqual([1, 2, 1, 3])
    })

    test('that failed to be stored leave no gap in the numbers', () => {
      const store = current()
      const doomed = (): void =>
        store.transaction((tx) => {
          addMessage(tx, messageRow(1))
          throw new Error('planned')
        })
      expect(doomed).toThrow('planned')
      expect(add(store, messageRow(2))[0]?.seq).toBe(1)
    })

    test('of an object that is not stored are a defect', () => {
      const store = current()
      expect(() => store.transaction((tx) => tx.messages.add(messageRow(1)))).toThrow(InvariantError)
      expect(store.messages.get(messageId(1))).toBeNull()
    })

    test('of the same id by the same author are stored once and take no number', () => {
      const store = current()
      const added = add(store, messageRow(1), messageRow(1, { text: 'again', objectId: objectId(7) }), messageRow(2))
      expect(added.map((m) => m?.seq ?? null)).toEqual([1, null, 2])
      expect(store.messages.get(messageId(1))?.text).toBe('text 1')
    })

    test("of another's id are messages of their own: nobody can take a message's place", () => {
      const store = current()
      const thief = messageRow(1, { author: memberId(2), objectId: objectId(2), text: 'theirs' })
      expect(add(store, messageRow(1), thief).map((m) => m?.seq)).toEqual([1, 2])
      expect(store.messages.get(messageId(1))?.author).toBe(memberId(1))
      expect(store.messages.ofObject(objectId(2))?.text).toBe('theirs')
    })
  })

  describe('the newest Lamport time', () => {
    test('is the highest in the group, not the last, and 0 where there is none', () => {
      const store = current()
      add(store, messageRow(9), messageRow(2), messageRow(50, { groupId: groupId(2), channelId: channelId(2) }))
      expect(store.messages.newestLamport(groupId(1))).toBe(9)
      expect(store.messages.newestLamport(groupId(3))).toBe(0)
    })

    test('may be as large as a safe integer', () => {
      const store = current()
      add(store, messageRow(1, { lamport: Number.MAX_SAFE_INTEGER }))
      expect(store.messages.newestLamport(groupId(1))).toBe(Number.MAX_SAFE_INTEGER)
    })
  })

  describe('unread', () => {
    const unread = (store: Store): number => store.messages.unread(channelId(1))

    test("counts others' messages after the mark", () => {
      const store = current()
      store.transaction((tx) => tx.groups.put(groupRow()))
      add(store, messageRow(1), messageRow(2, { author: SELF }), messageRow(3), messageRow(4, { channelId: channelId(2) }), messageRow(5))
      expect(unread(store)).toBe(3)
      store.transaction((tx) => tx.messages.markRead(channelId(1), 2))
      expect(unread(store)).toBe(2)
      store.transaction((tx) => tx.messages.markRead(channelId(1), 4))
      expect(unread(store)).toBe(0)
      expect(store.messages.unread(channelId(2))).toBe(1)
      expect(store.messages.unread(channelId(3))).toBe(0)
    })

    test('never grows again by an older mark', () => {
      const store = current()
      add(store, messageRow(1), messageRow(2))
      store.transaction((tx) => tx.messages.markRead(channelId(1), 2))
      store.transaction((tx) => tx.messages.markRead(channelId(1), 0))
      expect(unread(store)).toBe(0)
    })

    test('is not marked away before it arrives', () => {
      const store = current()
      store.transaction((tx) => tx.messages.markRead(channelId(1), 10))
      add(store, messageRow(1))
      expect(unread(store)).toBe(1)
      store.transaction((tx) => tx.messages.markRead(channelId(1), 10))
      add(store, messageRow(2))
      expect(unread(store)).toBe(1)
    })

    test('counts what arrives late, however old it says it is', () => {
      const store = current()
      add(store, messageRow(5))
      store.transaction((tx) => tx.messages.markRead(channelId(1), 1))
      add(store, messageRow(1))
      expect(unread(store)).toBe(1)
    })

    test('can be carried by another object, and be said not to reach everybody', () => {
      const store = current()
      store.transaction((tx) => {
        tx.objects.put(objectRow(1))
        tx.objects.put(objectRow(2))
        tx.messages.add(messageRow(1))
        tx.messages.move(objectId(1), objectId(2))
        tx.messages.setFailure(objectId(2), 'somebody else is here')
      })
      expect(store.messages.ofObject(objectId(1))).toBeNull()
      expect(store.messages.ofObject(objectId(2))).toMatchObject({
        messageId: messageId(1),
        failure: 'somebody else is here',
        text: 'text 1',
      })
      store.transaction((tx) => tx.messages.setFailure(objectId(2), null))
      expect(store.messages.get(messageId(1))).toMatchObject({ objectId: objectId(2), failure: null })
    })
  })
}
