import { beforeEach, describe, expect, it } from 'vitest'
import type { GroupId, ObjectId, PeerId } from '../../../shared/domain/ids.ts'
import { toHex } from '../../kernel/bytes.ts'
import { systemRandom } from '../../kernel/random.ts'
import type { Store } from '../../ports/store.ts'
import { createMemoryStore } from '../../testing/fakes/memory-store.ts'
import {
  breakReceipts,
  dropPutNotes,
  dropReceiptsBefore,
  isInMailbox,
  noteReceipts,
  noteSeenTo,
  receiptsOf,
  receiptsOfDay,
  seenTo,
} from './put-notes.ts'
import type { Receipt } from './put-notes.ts'

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
    expect([one, two, objectId()].map((each) => isInMailbox(store, each))).toEqual([true, true, false])
    expect(receiptsOfDay(store, groupId, 7).map((each) => each.objectId)).toEqual([one, two])
  })

  it('go with their day, and with the space', () => {
    note(7, [one, receipt(A)])
    note(8, [two, receipt(A)])
    store.transaction((tx) => dropReceiptsBefore(tx, groupId, 8))
    expect([one, two].map((each) => isInMailbox(store, each))).toEqual([false, true])
    store.transaction((tx) => {
      noteSeenTo(tx, groupId, A, one)
      dropPutNotes(tx, groupId)
    })
    expect(isInMailbox(store, two)).toBe(false)
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
