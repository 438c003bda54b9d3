import { describe, expect, test } from 'vitest'
import type { MessageRow, Repositories, Store } from '../../../ports/store.ts'
import type { CurrentStore } from './current-store.ts'
import { addMessage, channelId, groupId, groupRow, memberId, messageId, messageRow, objectId, SELF } from './rows.ts'

const [BOB, CAROL] = [memberId(1), memberId(2)]

const unhung = (n: number, changes: Partial<MessageRow> = {}): Omit<MessageRow, 'objectId' | 'failure'> => {
  const { objectId: _objectId, failure: _failure, ...row } = messageRow(n, changes)
  return row
}
const write = <T>(store: Store, work: (tx: Repositories) => T): T => store.transaction(work)
const ids = (store: Store) => store.messages.page(channelId(1), 99, null).messages.map((m) => m.messageId)

export function sharedMessageContract(current: CurrentStore): void {
  describe('messages that a member shared', () => {
    test('are in their place, name who shared them, and are unread by nobody', () => {
      const store = current()
      write(store, (tx) => tx.groups.put(groupRow()))
      const shared = write(store, (tx) => tx.messages.addShared(unhung(3), CAROL))
      write(store, (tx) => [addMessage(tx, messageRow(2)), addMessage(tx, messageRow(5))])
      expect(ids(store)).toEqual([5, 3, 2].map((n) => messageId(n)))
      expect(shared?.seq).toBeLessThan(0)
      expect(shared && store.messages.sharerOf(shared.objectId)).toBe(CAROL)
      expect(store.messages.sharerOf(objectId(2))).toBeNull()
      expect(store.messages.unread(channelId(1))).toBe(2)
    })

    test('twice, or deleted here, or here from their author, are nothing new', () => {
      const store = current()
      write(store, (tx) => [addMessage(tx, messageRow(1)), addMessage(tx, messageRow(2))])
      write(store, (tx) => tx.messages.deleteForMe(messageId(2)))
      const [first, again, known, deleted] = write(store, (tx) => [3, 3, 1, 2].map((n) => tx.messages.addShared(unhung(n), CAROL)))
      expect(first).not.toBeNull()
      expect([again, known, deleted]).toEqual([null, null, null])
      expect(ids(store)).toEqual([3, 1].map((n) => messageId(n)))
    })

    test('give way to what their author sends', () => {
      const store = current()
      write(store, (tx) => tx.messages.addShared(unhung(1, { text: 'hearsay' }), CAROL))
      write(store, (tx) => addMessage(tx, messageRow(1, { text: 'said' })))
      expect(store.messages.page(channelId(1), 9, null).messages.map((m) => m.text)).toEqual(['said'])
      expect(store.messages.sharerOf(objectId(1))).toBeNull()
    })

    test('are brought to nobody', () => {
      const store = current()
      write(store, (tx) => [tx.messages.addShared(unhung(1), CAROL), tx.messages.addHanded(unhung(2))])
      expect(store.objects.since(groupId(1), -9, null, 99)).toEqual([])
      expect(store.deliveries.queued()).toEqual([])
    })
  })

  describe('messages that their author gave to this device alone', () => {
    test('count like any other, and name their author', () => {
      const store = current()
      write(store, (tx) => tx.groups.put(groupRow()))
      const [one, two] = write(store, (tx) => [tx.messages.addHanded(unhung(1)), tx.messages.addHanded(unhung(2))])
      expect([one?.seq, two?.seq]).toEqual([1, 2])
      expect(one && store.messages.sharerOf(one.objectId)).toBe(BOB)
      expect(one && store.messages.ofObject(one.objectId)).toEqual(one)
      expect(one && store.objects.has(one.groupId, one.objectId)).toBe(true)
      expect(store.messages.unread(channelId(1))).toBe(2)
    })

    test('are there once, whichever way they came first', () => {
      const store = current()
      write(store, (tx) => [addMessage(tx, messageRow(1)), tx.messages.addHanded(unhung(2)), tx.messages.addShared(unhung(3), CAROL)])
      expect(write(store, (tx) => [tx.messages.addHanded(unhung(1)), tx.messages.addHanded(unhung(2))])).toEqual([null, null])
      expect(write(store, (tx) => addMessage(tx, messageRow(2)))).toBeNull()
      expect(write(store, (tx) => tx.messages.addHanded(unhung(3)))?.seq).toBe(3)
      expect(ids(store)).toEqual([3, 2, 1].map((n) => messageId(n)))
    })

    test('that were deleted here stay deleted', () => {
      const store = current()
      write(store, (tx) => tx.groups.put(groupRow()))
      write(store, (tx) => tx.messages.addHanded(unhung(1)))
      write(store, (tx) => tx.messages.deleteForMe(messageId(1)))
      expect(write(store, (tx) => tx.messages.addHanded(unhung(1)))).toBeNull()
      expect(ids(store)).toEqual([])
      expect(write(store, (tx) => tx.messages.addHanded(unhung(1, { author: SELF })))?.seq).toBe(2)
    })

    test('cannot stand in the way of what anybody really sent', () => {
      const store = current()
      const theirs = write(store, (tx) => tx.messages.addHanded(unhung(1, { author: BOB })))
      expect(write(store, (tx) => addMessage(tx, messageRow(1, { author: CAROL, objectId: objectId(7) })))?.author).toBe(CAROL)
      expect(theirs?.objectId).not.toBe(objectId(7))
    })
  })
}
