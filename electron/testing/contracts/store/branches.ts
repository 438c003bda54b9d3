import { describe, expect, test } from 'vitest'
import type { CommitRow, IntentRow } from '../../../ports/branch-store.ts'
import type { CurrentStore } from './current-store.ts'
import { eid, groupId, memberId, objectId } from './rows.ts'

const commitRow = (n: number, row: Partial<CommitRow> = {}): CommitRow => ({
  objectId: objectId(n),
  groupId: groupId(1),
  parent: eid(1),
  child: eid(n + 10),
  author: memberId(1),
  authorLeaf: 3,
  removes: [],
  ...row,
})

const intentRow = (n: number, row: Partial<IntentRow> = {}): IntentRow => ({
  intentId: n.toString(16).padStart(32, '0'),
  groupId: groupId(1),
  body: Uint8Array.of(1, n),
  objectId: objectId(n),
  failure: null,
  createdAt: 100 + n,
  ...row,
})

export function branchContract(current: CurrentStore): void {
  describe('commits', () => {
    test('come back whole, in the order they were stored, one group at a time', () => {
      const store = current()
      const rows = [commitRow(2, { removes: [memberId(4), memberId(5)] }), commitRow(1, { authorLeaf: -1 })]
      store.transaction((tx) => {
        for (const row of rows) tx.commits.put(row)
        tx.commits.put(commitRow(3, { groupId: groupId(2) }))
      })
      expect(store.commits.of(groupId(1))).toEqual(rows)
      expect(store.commits.of(groupId(3))).toEqual([])
    })

    test('are found by the epoch they lead out of, and by the one they lead to', () => {
      const store = current()
      store.transaction((tx) => {
        for (const n of [1, 2]) tx.commits.put(commitRow(n))
        tx.commits.put(commitRow(3, { parent: eid(11) }))
      })
      expect(store.commits.outOf(groupId(1), eid(1)).map((r) => r.objectId)).toEqual([objectId(1), objectId(2)])
      expect(store.commits.outOf(groupId(2), eid(1))).toEqual([])
      expect(store.commits.into(groupId(1), eid(13))?.objectId).toBe(objectId(3))
      expect(store.commits.into(groupId(1), eid(99))).toBeNull()
    })

    test('put twice are there once, as they were first', () => {
      const store = current()
      store.transaction((tx) => {
        tx.commits.put(commitRow(1))
        tx.commits.put(commitRow(1, { author: memberId(9) }))
      })
      expect(store.commits.of(groupId(1))).toEqual([commitRow(1)])
    })

    test('out of one epoch, and the one into it, are forgotten together', () => {
      const store = current()
      store.transaction((tx) => {
        for (const n of [1, 2]) tx.commits.put(commitRow(n))
        tx.commits.put(commitRow(3, { parent: eid(2) }))
        tx.commits.put(commitRow(4, { groupId: groupId(2) }))
        tx.commits.put(commitRow(5, { parent: eid(3), child: eid(1) }))
        tx.commits.dropAround(groupId(1), eid(1))
      })
      expect(store.commits.of(groupId(1)).map((r) => r.objectId)).toEqual([objectId(3)])
      expect(store.commits.of(groupId(2))).toHaveLength(1)
    })
  })

  describe('witnesses', () => {
    test('are noted once for each epoch, and forgotten with it', () => {
      const store = current()
      store.transaction((tx) => {
        const noted = [2, 1, 2].map((member) => tx.witnesses.note(groupId(1), eid(1), memberId(member)))
        expect(noted).toEqual([true, true, false])
        tx.witnesses.note(groupId(1), eid(2), memberId(1))
        tx.witnesses.note(groupId(2), eid(1), memberId(7))
      })
      const [first, second] = [eid(1), eid(2)]
      expect(store.witnesses.of(groupId(1))).toEqual([
        { eid: first, memberId: memberId(1) },
        { eid: first, memberId: memberId(2) },
        { eid: second, memberId: memberId(1) },
      ])
      expect([store.witnesses.has(groupId(1), first, memberId(1)), store.witnesses.has(groupId(1), first, memberId(7))]).toEqual([
        true,
        false,
      ])
      store.transaction((tx) => tx.witnesses.drop(groupId(1), first))
      expect(store.witnesses.has(groupId(1), first, memberId(1))).toBe(false)
      expect(store.witnesses.of(groupId(1))).toEqual([{ eid: second, memberId: memberId(1) }])
      expect(store.witnesses.of(groupId(2))).toHaveLength(1)
    })

    test('are noted in a transaction only, be they known or not', () => {
      const store = current()
      store.transaction((tx) => tx.witnesses.note(groupId(1), eid(1), memberId(1)))
      expect(() => store.witnesses.note(groupId(1), eid(1), memberId(1))).toThrow()
    })
  })

  describe('intents', () => {
    test('come back whole, oldest first, and are replaced but for when they were made', () => {
      const store = current()
      store.transaction((tx) => {
        tx.intents.put(intentRow(2))
        tx.intents.put(intentRow(1))
        tx.intents.put(intentRow(3, { groupId: groupId(2) }))
        tx.intents.put(intentRow(2, { objectId: objectId(9), failure: 'no longer allowed', createdAt: 7 }))
      })
      const changed = intentRow(2, { objectId: objectId(9), failure: 'no longer allowed' })
      expect(store.intents.list(groupId(1))).toEqual([intentRow(1), changed])
      expect(store.intents.get(changed.intentId)).toEqual(changed)
      expect(store.intents.get(intentRow(8).intentId)).toBeNull()
    })

    test('are forgotten by age, one group at a time', () => {
      const store = current()
      store.transaction((tx) => {
        for (const n of [1, 2, 3]) tx.intents.put(intentRow(n))
        tx.intents.put(intentRow(4, { groupId: groupId(2), createdAt: 1 }))
        expect(tx.intents.prune(groupId(1), 103)).toBe(2)
      })
      expect(store.intents.list(groupId(1))).toEqual([intentRow(3)])
      expect(store.intents.list(groupId(2))).toHaveLength(1)
    })
  })
}
