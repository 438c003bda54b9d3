import { describe, expect, test } from 'vitest'
import type { CurrentStore } from './current-store.ts'
import { eid, groupId, groupRow, memberId, objectId } from './rows.ts'

export function groupContract(current: CurrentStore): void {
  describe('groups', () => {
    test('come back whole and are replaced whole', () => {
      const store = current()
      expect(store.groups.get(groupId(1))).toBeNull()
      store.transaction((tx) => tx.groups.put(groupRow()))
      expect(store.groups.get(groupId(1))).toEqual(groupRow())
      const later = groupRow({
        tip: eid(9),
        epoch: 4,
        joinedEpoch: 2,
        selfMemberId: memberId(7),
        sentSeq: 12,
        sentObject: objectId(3),
        returning: true,
        createdAt: 7,
      })
      store.transaction((tx) => tx.groups.put(later))
      expect(store.groups.get(groupId(1))).toEqual(later)
    })

    test('are listed by when they were made, then by id', () => {
      const store = current()
      store.transaction((tx) => {
        tx.groups.put(groupRow({ groupId: groupId(3), createdAt: 1 }))
        tx.groups.put(groupRow({ groupId: groupId(2), createdAt: 5 }))
        tx.groups.put(groupRow({ groupId: groupId(1), createdAt: 5 }))
      })
      expect(store.groups.list().map((r) => r.groupId)).toEqual([groupId(3), groupId(1), groupId(2)])
    })
  })

  describe('senders', () => {
    test('come back whole, are replaced, and are listed by member', () => {
      const store = current()
      const of = (n: number, seq: number, ahead: number[]) => ({
        groupId: groupId(1),
        memberId: memberId(n),
        seq,
        ahead,
        lastObject: objectId(n),
      })
      store.transaction((tx) => {
        tx.senders.put(of(2, 5, [7, 9]))
        tx.senders.put(of(1, 1, []))
        tx.senders.put({ ...of(1, 2, [4]), lastObject: null })
        tx.senders.put({ ...of(3, 1, []), groupId: groupId(2) })
      })
      expect(store.senders.get(groupId(1), memberId(1))).toEqual({ ...of(1, 2, [4]), lastObject: null })
      expect(store.senders.list(groupId(1))).toEqual([{ ...of(1, 2, [4]), lastObject: null }, of(2, 5, [7, 9])])
      expect(store.senders.get(groupId(1), memberId(3))).toBeNull()
    })

    test('the list of what came early is a copy', () => {
      const store = current()
      store.transaction((tx) => tx.senders.put({ groupId: groupId(1), memberId: memberId(1), seq: 1, ahead: [3], lastObject: null }))
      store.senders.get(groupId(1), memberId(1))?.ahead.push(99)
      expect(store.senders.get(groupId(1), memberId(1))?.ahead).toEqual([3])
    })
  })
}
