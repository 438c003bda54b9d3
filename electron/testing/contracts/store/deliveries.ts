import { describe, expect, test } from 'vitest'
import { InvariantError } from '../../../kernel/errors.ts'
import type { Repositories, Store } from '../../../ports/store.ts'
import type { CurrentStore } from './current-store.ts'
import { channelId, groupId, groupRow, memberId, messageRow, objectId, objectRow, SELF } from './rows.ts'

const ANN = memberId(1)
const BOB = memberId(2)

/** Our messages 1…count, each owed to Ann and Bob. */
function owe(store: Store, count: number): void {
  store.transaction((tx) => {
    tx.groups.put(groupRow())
    for (let n = 1; n <= count; n++) {
      tx.objects.put(objectRow(n))
      tx.deliveries.owe(objectId(n), groupId(1), [BOB, ANN])
    }
  })
}

export function deliveryContract(current: CurrentStore): void {
  describe('deliveries', () => {
    test('are owed to each recipient until acknowledged', () => {
      const store = current()
      owe(store, 1)
      expect(store.deliveries.of(objectId(1))).toEqual([
        { objectId: objectId(1), groupId: groupId(1), memberId: ANN, ackedAt: null },
        { objectId: objectId(1), groupId: groupId(1), memberId: BOB, ackedAt: null },
      ])
      expect(store.transaction((tx) => tx.deliveries.ack(objectId(1), ANN, 50))).toBe(true)
      expect(store.deliveries.of(objectId(1)).map((r) => r.ackedAt)).toEqual([50, null])
    })

    test('acknowledged twice keep the first time and answer that nothing changed', () => {
      const store = current()
      owe(store, 1)
      store.transaction((tx) => tx.deliveries.ack(objectId(1), ANN, 50))
      expect(store.transaction((tx) => tx.deliveries.ack(objectId(1), ANN, 60))).toBe(false)
      expect(store.deliveries.of(objectId(1))[0]?.ackedAt).toBe(50)
    })

    test('of objects or members nobody owes anything are acknowledged to no effect', () => {
      const store = current()
      owe(store, 1)
      expect(store.transaction((tx) => tx.deliveries.ack(objectId(9), ANN, 1))).toBe(false)
      expect(store.transaction((tx) => tx.deliveries.ack(objectId(1), memberId(9), 1))).toBe(false)
      expect(store.deliveries.of(objectId(9))).toEqual([])
    })

    test('owed again neither double nor forget what was acknowledged', () => {
      const store = current()
      owe(store, 1)
      store.transaction((tx) => tx.deliveries.ack(objectId(1), ANN, 50))
      store.transaction((tx) => tx.deliveries.owe(objectId(1), groupId(1), [ANN, BOB]))
      expect(store.deliveries.of(objectId(1)).map((r) => r.ackedAt)).toEqual([50, null])
    })

    test('of an object that is not stored are a defect, and to nobody are none', () => {
      const store = current()
      expect(() => store.transaction((tx) => tx.deliveries.owe(objectId(1), groupId(1), [ANN]))).toThrow(InvariantError)
      store.transaction((tx) => tx.deliveries.owe(objectId(1), groupId(1), []))
      expect(store.deliveries.of(objectId(1))).toEqual([])
    })
  })

  describe('the outbox of one member', () => {
    test('is oldest first by when objects were stored, limited, without what was acknowledged', () => {
      const store = current()
      store.transaction((tx) => {
        for (const n of [5, 3, 4]) tx.objects.put(objectRow(n))
        for (const n of [3, 4, 5]) tx.deliveries.owe(objectId(n), groupId(1), [ANN])
      })
      expect(store.deliveries.owedTo(groupId(1), ANN, 10)).toEqual([objectId(5), objectId(3), objectId(4)])
      expect(store.deliveries.owedTo(groupId(1), ANN, 2)).toEqual([objectId(5), objectId(3)])
      store.transaction((tx) => tx.deliveries.ack(objectId(5), ANN, 1))
      expect(store.deliveries.owedTo(groupId(1), ANN, 2)).toEqual([objectId(3), objectId(4)])
      expect(store.deliveries.owedTo(groupId(1), BOB, 2)).toEqual([])
      expect(store.deliveries.owedTo(groupId(2), ANN, 2)).toEqual([])
    })

    test('leaves out what was pruned, so that it never blocks what can be sent', () => {
      const store = current()
      owe(store, 3)
      store.transaction((tx) => tx.objects.prune(0, 1002))
      expect(store.deliveries.owedTo(groupId(1), ANN, 1)).toEqual([objectId(2)])
      expect(store.deliveries.of(objectId(1))).toHaveLength(2)
    })
  })

  describe('acknowledging up to a number', () => {
    test('marks our messages up to it as held by that member and answers those it changed, oldest first', () => {
      const store = current()
      owe(store, 4)
      store.transaction((tx) => tx.deliveries.ack(objectId(2), ANN, 40))
      expect(store.transaction((tx) => tx.deliveries.ackThrough(groupId(1), SELF, ANN, 3, 70))).toEqual([objectId(1), objectId(3)])
      const times = [1, 2, 3, 4].map((n) => store.deliveries.of(objectId(n)).find((r) => r.memberId === ANN)?.ackedAt)
      expect(times).toEqual([70, 40, 70, null])
      expect(store.deliveries.owedTo(groupId(1), BOB, 10)).toHaveLength(4)
      expect(store.transaction((tx) => tx.deliveries.ackThrough(groupId(1), SELF, ANN, 3, 80))).toEqual([])
    })

    test("leaves commits, others' messages and other groups alone", () => {
      const store = current()
      store.transaction((tx) => {
        tx.objects.put(objectRow(1, { kind: 'commit', senderSeq: null }))
        tx.objects.put(objectRow(2, { sender: BOB, senderSeq: 1 }))
        tx.objects.put(objectRow(3, { groupId: groupId(2), senderSeq: 1 }))
        for (const n of [1, 2]) tx.deliveries.owe(objectId(n), groupId(1), [ANN])
        tx.deliveries.owe(objectId(3), groupId(2), [ANN])
      })
      expect(store.transaction((tx) => tx.deliveries.ackThrough(groupId(1), SELF, ANN, 99, 70))).toEqual([])
      expect(store.deliveries.owedTo(groupId(1), ANN, 10)).toHaveLength(2)
    })
  })

  describe('forgiving a member that left', () => {
    test('forgets what was owed, keeps what was acknowledged, and answers what changed', () => {
      const store = current()
      owe(store, 3)
      store.transaction((tx) => tx.deliveries.ack(objectId(2), ANN, 40))
      expect(store.transaction((tx) => tx.deliveries.forgive(groupId(1), ANN))).toEqual([objectId(1), objectId(3)])
      expect(store.deliveries.owedTo(groupId(1), ANN, 10)).toEqual([])
      expect(store.deliveries.of(objectId(1)).map((r) => r.memberId)).toEqual([BOB])
      expect(store.deliveries.of(objectId(2)).map((r) => r.ackedAt)).toEqual([40, null])
      expect(store.transaction((tx) => tx.deliveries.forgive(groupId(1), ANN))).toEqual([])
    })
  })

  describe('what is queued', () => {
    test('counts our messages with anyone outstanding once each, for each channel that has any', () => {
      const store = current()
      owe(store, 4)
      store.transaction((tx) => {
        for (const n of [1, 2]) tx.messages.add(messageRow(n, { author: SELF }))
        tx.messages.add(messageRow(3, { author: SELF, channelId: channelId(2) }))
      })
      expect(store.deliveries.queued()).toEqual([
        { channelId: channelId(1), messages: 2 },
        { channelId: channelId(2), messages: 1 },
      ])
      store.transaction((tx) => {
        tx.deliveries.ack(objectId(1), ANN, 1)
        tx.deliveries.ack(objectId(3), ANN, 1)
        tx.deliveries.ack(objectId(3), BOB, 1)
      })
      expect(store.deliveries.queued()).toEqual([{ channelId: channelId(1), messages: 2 }])
    })

    test('is awaited by whoever lacks it: the newest of each channel first, and no more than was asked for', () => {
      const store = current()
      owe(store, 4)
      store.transaction((tx) => {
        for (const n of [1, 2, 3]) tx.messages.add(messageRow(n, { author: SELF }))
        tx.messages.add(messageRow(4, { author: SELF, channelId: channelId(2) }))
        tx.deliveries.ack(objectId(3), ANN, 1)
        tx.deliveries.ack(objectId(2), BOB, 1)
      })
      const all = [
        { channelId: channelId(1), objectId: objectId(3), memberId: BOB },
        { channelId: channelId(2), objectId: objectId(4), memberId: ANN },
        { channelId: channelId(2), objectId: objectId(4), memberId: BOB },
        { channelId: channelId(1), objectId: objectId(2), memberId: ANN },
        { channelId: channelId(1), objectId: objectId(1), memberId: ANN },
        { channelId: channelId(1), objectId: objectId(1), memberId: BOB },
      ]
      expect(store.deliveries.awaited(9, 99)).toEqual(all)
      expect(store.deliveries.awaited(2, 99)).toEqual(all.slice(0, 4))
      expect(store.deliveries.awaited(9, 2)).toEqual(all.slice(0, 2))
      store.transaction((tx) => tx.objects.prune(0, 1003))
      expect(store.deliveries.awaited(9, 99).map((row) => row.objectId)).toEqual([objectId(3), objectId(4), objectId(4)])
    })

    test('is nothing that was dropped, nor what those are owed who left', () => {
      const store = current()
      owe(store, 3)
      store.transaction((tx) => [1, 2, 3].forEach((n) => tx.messages.add(messageRow(n, { author: SELF }))))
      store.transaction((tx) => tx.objects.prune(0, 1002))
      expect(store.deliveries.queued()).toEqual([{ channelId: channelId(1), messages: 2 }])
      store.transaction((tx) => [ANN, BOB].forEach((member) => tx.deliveries.forgive(groupId(1), member)))
      expect(store.deliveries.queued()).toEqual([])
    })

    test('is not begun again by owing what was dropped', () => {
      const store = current()
      owe(store, 1)
      store.transaction((tx) => tx.objects.prune(0, 5000))
      store.transaction((tx) => tx.deliveries.owe(objectId(1), groupId(1), [memberId(3)]))
      expect([store.deliveries.owedTo(groupId(1), memberId(3), 5), store.deliveries.of(objectId(1)).length]).toEqual([[], 3])
      expect(store.transaction((tx) => tx.deliveries.ack(objectId(1), memberId(3), 9))).toBe(true)
    })

    test('follows any order of owing, acknowledging, forgiving and owing again', () => {
      const store = current()
      owe(store, 2)
      store.transaction((tx) => [1, 2].forEach((n) => tx.messages.add(messageRow(n, { author: SELF }))))
      const queued = (change: (tx: Repositories) => unknown): number => {
        store.transaction((tx) => void change(tx))
        return store.deliveries.queued()[0]?.messages ?? 0
      }
      expect([
        queued((tx) => tx.deliveries.ack(objectId(1), ANN, 1)),
        queued((tx) => tx.deliveries.ack(objectId(1), ANN, 2)),
        queued((tx) => tx.deliveries.forgive(groupId(1), BOB)),
        queued((tx) => tx.deliveries.owe(objectId(1), groupId(1), [ANN, BOB])),
        queued((tx) => tx.deliveries.ackThrough(groupId(1), SELF, BOB, 9, 3)),
        queued((tx) => tx.deliveries.ack(objectId(2), ANN, 3)),
      ]).toEqual([2, 2, 1, 2, 1, 0])
    })

    test('move to another object with all that is acknowledged and owed', () => {
      const store = current()
      store.transaction((tx) => {
        for (const n of [1, 2]) tx.objects.put(objectRow(n))
        tx.deliveries.owe(objectId(1), groupId(1), [memberId(1), memberId(2)])
        tx.deliveries.ack(objectId(1), memberId(1), 50)
        tx.deliveries.move(objectId(1), objectId(2))
      })
      expect(store.deliveries.of(objectId(1))).toEqual([])
      expect(store.deliveries.of(objectId(2)).map((d) => [d.memberId, d.ackedAt])).toEqual([
        [memberId(1), 50],
        [memberId(2), null],
      ])
      expect(store.deliveries.owedTo(groupId(1), memberId(2), 9)).toEqual([objectId(2)])
      expect(store.transaction((tx) => tx.deliveries.ack(objectId(2), memberId(2), 60))).toBe(true)
      expect(store.deliveries.owedTo(groupId(1), memberId(2), 9)).toEqual([])
    })
  })
}
