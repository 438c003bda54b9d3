import { describe, expect, test } from 'vitest'
import { InvariantError } from '../../../kernel/errors.ts'
import type { ObjectRow, Store } from '../../../ports/store.ts'
import type { CurrentStore } from './current-store.ts'
import { eid, groupId, groupRow, memberId, objectId, objectRow, SELF } from './rows.ts'

const put = (store: Store, ...rows: ObjectRow[]): boolean[] => store.transaction((tx) => rows.map((row) => tx.objects.put(row)))
const ids = (rows: readonly Pick<ObjectRow, 'objectId'>[]) => rows.map((row) => row.objectId)
const commit = (n: number, row: Partial<ObjectRow>): ObjectRow => objectRow(n, { kind: 'commit', senderSeq: null, ...row })

export function objectContract(current: CurrentStore): void {
  describe('objects', () => {
    test('come back whole, as copies', () => {
      const store = current()
      const row = commit(1, { epoch: 7, eid: eid(3), sender: memberId(4) })
      expect(put(store, row)).toEqual([true])
      store.objects.get(objectId(1))?.bytes.fill(0)
      expect(store.objects.get(objectId(1))).toEqual(row)
      expect(store.objects.has(groupId(1), objectId(1))).toBe(true)
      expect(store.objects.has(groupId(1), objectId(2))).toBe(false)
      expect(store.objects.get(objectId(2))).toBeNull()
    })

    test('stored twice are stored once: the first stays', () => {
      const store = current()
      expect(put(store, objectRow(1), objectRow(1, { bytes: Uint8Array.of(66) }))).toEqual([true, false])
      expect(store.objects.get(objectId(1))).toEqual(objectRow(1))
      expect(ids(store.objects.since(groupId(1), 0, null, 10))).toEqual([objectId(1)])
    })

    test('are there for their own group alone', () => {
      const store = current()
      put(store, objectRow(1), objectRow(2, { groupId: groupId(2) }))
      const isThere = (group: number) => [1, 2].map((n) => store.objects.has(groupId(group), objectId(n)))
      expect([isThere(1), isThere(2), isThere(3)]).toEqual([
        [true, false],
        [false, true],
        [false, false],
      ])
    })

    test('the commit that leads out of an epoch is found among messages and other groups', () => {
      const store = current()
      put(store, objectRow(1, { eid: eid(5) }), commit(2, { eid: eid(5), groupId: groupId(2) }), commit(3, { eid: eid(4) }))
      expect(store.objects.commitAfter(groupId(1), eid(5))).toBeNull()
      put(store, commit(4, { eid: eid(5) }))
      expect(store.objects.commitAfter(groupId(1), eid(5))?.objectId).toBe(objectId(4))
    })
  })

  describe('objects since', () => {
    test('come in the order they were stored, whatever their ids and times', () => {
      const store = current()
      put(store, objectRow(9, { storedAt: 50 }), objectRow(3, { storedAt: 10 }), objectRow(7, { groupId: groupId(2) }), objectRow(5))
      expect(ids(store.objects.since(groupId(1), 0, null, 10))).toEqual([objectId(9), objectId(3), objectId(5)])
    })

    test('continue after the last one seen, limited', () => {
      const store = current()
      put(store, objectRow(4), objectRow(2), objectRow(3), objectRow(1))
      expect(ids(store.objects.since(groupId(1), 0, null, 2))).toEqual([objectId(4), objectId(2)])
      expect(ids(store.objects.since(groupId(1), 0, objectId(2), 2))).toEqual([objectId(3), objectId(1)])
      expect(store.objects.since(groupId(1), 0, objectId(1), 2)).toEqual([])
    })

    test('leave out earlier epochs, also those that arrived late', () => {
      const store = current()
      put(store, objectRow(1, { epoch: 1 }), objectRow(2, { epoch: 2 }), objectRow(3, { epoch: 1 }), objectRow(4, { epoch: 3 }))
      expect(ids(store.objects.since(groupId(1), 2, null, 10))).toEqual([objectId(2), objectId(4)])
    })

    test('continuing after an object nobody stored is a defect', () => {
      expect(() => current().objects.since(groupId(1), 0, objectId(1), 2)).toThrow(InvariantError)
      expect(() => current().objects.headsSince(groupId(1), 0, objectId(1), 2)).toThrow(InvariantError)
    })

    test('have the same heads, which tell how large they are', () => {
      const store = current()
      const large = objectRow(4, { epoch: 2, bytes: new Uint8Array(20_000) })
      put(store, objectRow(1, { epoch: 1 }), large, commit(3, { epoch: 3 }), objectRow(2, { epoch: 2, groupId: groupId(2) }))
      const heads = store.objects.headsSince(groupId(1), 2, null, 10)
      const same = store.objects.since(groupId(1), 2, null, 10).map(({ bytes, storedAt: _, ...head }) => ({ ...head, size: bytes.length }))
      expect(heads).toEqual(same)
      expect(heads.map(({ size }) => size)[0]).toBe(20_000)
      expect(ids(store.objects.headsSince(groupId(1), 2, large.objectId, 10))).toEqual([objectId(3)])
    })

    test('tell of all commits without the messages', () => {
      const store = current()
      const here = [commit(5, { epoch: 4 }), objectRow(1, { epoch: 3 }), commit(2, { epoch: 1 }), commit(3, { epoch: 2 })]
      put(store, ...here, commit(4, { epoch: 3, groupId: groupId(2) }))
      const heads = store.objects.headsSince(groupId(1), 2, null, 10).filter(({ kind }) => kind === 'commit')
      expect(ids(heads)).toEqual([objectId(5), objectId(3)])
      const commits = store.objects.commitsSince(groupId(1), 2)
      expect(commits).toHaveLength(2)
      expect(commits).toEqual(expect.arrayContaining(heads))
    })
  })

  describe('pruning', () => {
    const withGroup = (store: Store): void => store.transaction((tx) => tx.groups.put(groupRow()))

    test('drops our own old objects that everyone has, and keeps owed and recent ones', () => {
      const store = current()
      withGroup(store)
      put(store, objectRow(1, { storedAt: 10 }), objectRow(2, { storedAt: 10 }), objectRow(3, { storedAt: 20 }))
      store.transaction((tx) => {
        tx.deliveries.owe(objectId(1), groupId(1), [memberId(1), memberId(2)])
        tx.deliveries.ack(objectId(1), memberId(1), 11)
        tx.deliveries.owe(objectId(2), groupId(1), [memberId(1)])
        tx.deliveries.ack(objectId(2), memberId(1), 11)
      })
      expect(store.transaction((tx) => tx.objects.prune(20, 0))).toBe(1)
      expect([1, 2, 3].map((n) => store.objects.get(objectId(n)) !== null)).toEqual([true, false, true])
    })

    test('names those of ours that will go by then and that nobody has who is owed them, the oldest first', () => {
      const store = current()
      withGroup(store)
      const others = objectRow(4, { sender: memberId(1), storedAt: 9 })
      put(store, objectRow(1, { storedAt: 11 }), objectRow(2, { storedAt: 10 }), objectRow(3, { storedAt: 12 }), others)
      put(store, objectRow(5, { storedAt: 9 }), objectRow(6, { storedAt: 9 }))
      store.transaction((tx) => {
        for (const n of [1, 2, 3, 4, 5]) tx.deliveries.owe(objectId(n), groupId(1), [memberId(1)])
        tx.deliveries.ack(objectId(5), memberId(1), 10)
        tx.deliveries.owe(objectId(6), groupId(1), [memberId(1), memberId(2)])
        tx.deliveries.ack(objectId(6), memberId(2), 10)
      })
      expect(store.objects.atNobodyBefore(12, 9)).toEqual([objectId(2), objectId(1)])
      expect(store.objects.atNobodyBefore(12, 1)).toEqual([objectId(2)])
      store.transaction((tx) => tx.objects.prune(12, 12))
      expect(store.objects.atNobodyBefore(99, 9)).toEqual([objectId(3)])
    })

    test("keeps others' objects until the latest time: who lacks them is not known here", () => {
      const store = current()
      withGroup(store)
      put(store, objectRow(1, { sender: memberId(1), storedAt: 10 }), objectRow(2, { sender: SELF, groupId: groupId(9), storedAt: 10 }))
      expect(store.transaction((tx) => tx.objects.prune(20, 10))).toBe(0)
      expect(store.transaction((tx) => tx.objects.prune(20, 11))).toBe(2)
    })

    test('never drops a commit, which nobody acknowledges and without which nobody can follow the group', () => {
      const store = current()
      withGroup(store)
      put(store, commit(1, { storedAt: 10, eid: eid(2) }), commit(2, { storedAt: 10, sender: memberId(1) }))
      expect(store.transaction((tx) => tx.objects.prune(20, 20))).toBe(0)
      expect(store.objects.commitAfter(groupId(1), eid(2))?.objectId).toBe(objectId(1))
      expect(ids(store.objects.since(groupId(1), 0, null, 10))).toEqual([objectId(1), objectId(2)])
    })

    test('takes the oldest first, so many at a time', () => {
      const store = current()
      withGroup(store)
      put(store, objectRow(1, { storedAt: 12 }), objectRow(2, { storedAt: 10 }), objectRow(3, { storedAt: 11 }))
      const prune = (): number => store.transaction((tx) => tx.objects.prune(20, 0, 2))
      expect([prune(), ids(store.objects.since(groupId(1), 0, null, 10)), prune(), prune()]).toEqual([2, [objectId(1)], 1, 0])
    })

    test('at the latest time drops even what is owed, and what is gone is still known and never stored again', () => {
      const store = current()
      withGroup(store)
      put(store, objectRow(1, { storedAt: 10 }), objectRow(2, { storedAt: 12 }))
      store.transaction((tx) => tx.deliveries.owe(objectId(1), groupId(1), [memberId(1)]))
      expect(store.transaction((tx) => tx.objects.prune(12, 12))).toBe(1)
      expect([1, 2].map((n) => store.objects.has(groupId(n), objectId(1)))).toEqual([true, false])
      expect(store.objects.get(objectId(1))).toBeNull()
      expect(ids(store.objects.since(groupId(1), 0, null, 10))).toEqual([objectId(2)])
      expect(ids(store.objects.since(groupId(1), 0, objectId(1), 10))).toEqual([objectId(2)])
      expect(put(store, objectRow(1))).toEqual([false])
      expect(store.objects.get(objectId(1))).toBeNull()
      expect(store.transaction((tx) => tx.objects.prune(12, 12))).toBe(0)
    })
  })
}
