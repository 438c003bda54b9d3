import { expect, it } from 'vitest'
import type { Eid, GroupId, MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import { createMemoryStore } from '../../testing/fakes/memory-store.ts'
import { compareEpochs } from './known-epochs.ts'

const hex = (byte: number): string => byte.toString(16).padStart(2, '0').repeat(16)
const GROUP = hex(1) as GroupId
const [ANN, BOB] = [hex(2) as MemberId, hex(3) as MemberId]
const [FIRST, BEFORE, WITHOUT, STILL, AGAIN] = [hex(9) as Eid, hex(10) as Eid, hex(11) as Eid, hex(12) as Eid, hex(13) as Eid]

it('who was removed, and is in again, follows nothing from the removal to where they came in (R8)', () => {
  const store = createMemoryStore()
  const steps = [
    [FIRST, BEFORE, []],
    [BEFORE, WITHOUT, [BOB]],
    [WITHOUT, STILL, []],
    [STILL, AGAIN, []],
  ] as const
  store.transaction((tx) => {
    for (const [nth, [parent, child, removes]] of steps.entries())
      tx.commits.put({
        objectId: hex(20 + nth) as ObjectId,
        groupId: GROUP,
        parent,
        child,
        author: ANN,
        authorLeaf: 0,
        removes: [...removes],
      })
  })
  const theirs = { eid: AGAIN, roots: [BEFORE, AGAIN], known: [AGAIN, BEFORE] }
  const answered = { holds: () => false, isUnread: () => false }
  const readableTo = (memberId: MemberId | null) =>
    [BEFORE, WITHOUT, STILL, AGAIN].map((eid) => compareEpochs(store, GROUP, theirs, { memberId, answered }).readable?.get(eid))
  expect(readableTo(BOB)).toEqual([true, false, false, true])
  expect(readableTo(ANN)).toEqual([true, true, true, true])
  expect(compareEpochs(store, GROUP, theirs, { memberId: BOB, answered }).held?.get(hex(22) as ObjectId)).toBe(true)
})
