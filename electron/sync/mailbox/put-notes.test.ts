import { beforeEach, describe, expect, it } from 'vitest'
import type { GroupId, ObjectId, PeerId } from '../../../shared/domain/ids.ts'
import { toHex } from '../../kernel/bytes.ts'
import { systemRandom } from '../../kernel/random.ts'
import type { Store } from '../../ports/store.ts'
import { createMemoryStore } from '../../testing/fakes/memory-store.ts'
import {
  breakReceipts,
  dropPutNotes,
  dropReceiptsOver,
  noteReceipts,
  objectsWithReceipts,
  noteSeenTo,
  receiptsOf,
  receiptsOfDay,
  receiptsOver,
  seenTo,
} from './put-notes.ts'
import type { Receipt } from './put-notes.ts'
import { DAY_MS } from './day-keys.ts'

const groupId = systemRandom.id<GroupId>()
const [A, B] = ['a', 'b'].map((letter) => `12D3KooW${letter.repeat(44)}` as PeerId) as [PeerId, PeerId]
const objectId = () => toHex(systemRandom.bytes(32)) as ObjectId
const receipt = (mailbox: PeerId): Receipt => ({
  ...{ mailbox, tag: systemRandom.bytes(32), hash: systemRandom.bytes(32), storedAt: 5, keptUntil: 9, signature: systemRandom.bytes(64) },
})

describe('receipts of mailboxes', () => {
  let store: Store
  const [one, two] = [objectId(), objectId()]
  beforeEach(() => {
    store = createMemoryStore()
  })
  const note = (day: number, ...receipts: [ObjectId, Receipt][]) => store.transaction((tx) => noteReceipts(tx, groupId, day, receipts))

  it('are kept for each object and mailbox, the newest of each', () => {
    const [first, second, other] = [receipt(A), receipt(A), receipt(B)]
    note(7, [one, first], [two, first])
    note(8, [one, second])
    note(8, [one, other])
    expect(receiptsOf(store, one)).toEqual([second, other])
    expect([one, two, objectId()].map((each) => receiptsOf(store, each).length)).toEqual([2, 1, 0])
    expect(objectsWithReceipts(store, groupId)).toEqual([one, two])
    expect(receiptsOfDay(store, groupId, 7).map((each) => each.objectId)).toEqual([one, two])
    expect(receiptsOfDay(store, groupId, 8).map((each) => each.objectId)).toEqual([one])
  })

  it('go with their time, and with the space', () => {
    const of = (mailbox: PeerId, day: number, keptUntil = (day + 30) * DAY_MS) => ({
      ...receipt(mailbox),
      storedAt: day * DAY_MS,
      keptUntil,
    })
    const drop = (at: number) => store.transaction((tx) => dropReceiptsOver(tx, groupId, receiptsOver(store, groupId, at), at))
    const left = () => [one, two].map((each) => receiptsOf(store, each).map(({ mailbox }) => mailbox))
    note(10, [one, of(A, 10)], [two, of(A, 9.5)])
    note(12, [one, of(B, 12, Number.MAX_SAFE_INTEGER)])
    expect(receiptsOver(store, groupId, 39.4 * DAY_MS)).toEqual([])
    drop(39.5 * DAY_MS)
    expect(left()).toEqual([[A, B], []])
    drop(40 * DAY_MS)
    expect(left()).toEqual([[B], []])
    // Whatever was said: nobody looks there any more.
    drop(42 * DAY_MS)
    expect(left()).toEqual([[], []])
    drop(50 * DAY_MS)
    note(13, [two, of(A, 13)])
    expect([10, 12, 13].map((day) => receiptsOfDay(store, groupId, day).length)).toEqual([0, 0, 1])
    store.transaction((tx) => {
      noteSeenTo(tx, groupId, A, one)
      dropPutNotes(tx, groupId)
    })
    expect(receiptsOf(store, two)).toEqual([])
    expect(seenTo(store, groupId, A)).toBeNull()
  })

  it('that were broken count no more, and all of that mailbox is looked at again', () => {
    note(7, [one, receipt(A)], [two, receipt(A)])
    note(7, [one, receipt(B)])
    store.transaction((tx) => {
      noteSeenTo(tx, groupId, A, two)
      noteSeenTo(tx, groupId, B, one)
      breakReceipts(tx, groupId, A, [one, two])
    })
    expect([one, two].map((each) => receiptsOf(store, each).map(({ mailbox }) => mailbox))).toEqual([[B], []])
    expect([seenTo(store, groupId, A), seenTo(store, groupId, B)]).toEqual([null, one])
  })
})
