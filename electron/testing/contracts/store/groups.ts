import { describe, expect, test } from 'vitest'
import { InvariantError } from '../../../kernel/errors.ts'
import type { CurrentStore } from './current-store.ts'
import { eid, epochRow, groupId, groupRow, memberId, objectId } from './rows.ts'

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
        split: true,
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

  describe('epochs', () => {
    test('come back whole, as copies', () => {
      const store = current()
      const row = epochRow({ parent: eid(7), supersededAt: 12 })
      store.transaction((tx) => tx.epochs.put(row))
      store.epochs.get(groupId(1), eid(1))?.fixedPart.fill(0)
      expect(store.epochs.get(groupId(1), eid(1))).toEqual(row)
      expect(store.epochs.get(groupId(2), eid(1))).toBeNull()
      expect(store.epochs.get(groupId(1), eid(2))).toBeNull()
    })

    test('a message moves one part and leaves the other', () => {
      const store = current()
      store.transaction((tx) => tx.epochs.put(epochRow()))
      store.transaction((tx) => tx.epochs.setMovingPart(groupId(1), eid(1), Uint8Array.of(9, 9, 9)))
      expect(store.epochs.get(groupId(1), eid(1))).toEqual(epochRow({ movingPart: Uint8Array.of(9, 9, 9) }))
    })

    test('put again replaces everything', () => {
      const store = current()
      const later = epochRow({ fixedPart: Uint8Array.of(7), movingPart: Uint8Array.of(8), parent: eid(5), epoch: 3, supersededAt: 2 })
      store.transaction((tx) => tx.epochs.put(epochRow()))
      store.transaction((tx) => tx.epochs.put(later))
      expect(store.epochs.get(groupId(1), eid(1))).toEqual(later)
    })

    test('are listed newest first without their parts, one group at a time', () => {
      const store = current()
      store.transaction((tx) => {
        tx.epochs.put(epochRow({ eid: eid(1), epoch: 1 }))
        tx.epochs.put(epochRow({ eid: eid(3), epoch: 3, parent: eid(2) }))
        tx.epochs.put(epochRow({ eid: eid(2), epoch: 2, parent: eid(1) }))
        tx.epochs.put(epochRow({ groupId: groupId(2) }))
        tx.epochs.supersede(groupId(1), eid(1), 44)
      })
      expect(store.epochs.list(groupId(1))).toEqual([
        { groupId: groupId(1), eid: eid(3), epoch: 3, parent: eid(2), supersededAt: null },
        { groupId: groupId(1), eid: eid(2), epoch: 2, parent: eid(1), supersededAt: null },
        { groupId: groupId(1), eid: eid(1), epoch: 1, parent: null, supersededAt: 44 },
      ])
    })

    test('deleting one takes its parts and leaves the others', () => {
      const store = current()
      store.transaction((tx) => {
        tx.epochs.put(epochRow())
        tx.epochs.put(epochRow({ eid: eid(2), epoch: 1 }))
        tx.epochs.delete(groupId(1), eid(1))
      })
      expect(store.epochs.get(groupId(1), eid(1))).toBeNull()
      expect(store.epochs.list(groupId(1)).map((r) => r.eid)).toEqual([eid(2)])
    })

    test('changing one that is not there is a defect', () => {
      const store = current()
      expect(() => store.transaction((tx) => tx.epochs.setMovingPart(groupId(1), eid(1), Uint8Array.of(1)))).toThrow(InvariantError)
      expect(() => store.transaction((tx) => tx.epochs.supersede(groupId(1), eid(1), 1))).toThrow(InvariantError)
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
