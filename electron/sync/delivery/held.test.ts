import { beforeEach, expect, it } from 'vitest'
import type { Eid } from '../../../shared/domain/ids.ts'
import { bring, makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device } from '../../testing/fixtures/group-world.ts'
import { noteHeld } from './held.ts'

let ann: Device
let bob: Device
let lost: Eid
beforeEach(async () => {
  const world = await makeWorld('held')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob')
  await bring(ann, bob)
  for (const text of ['one', 'two']) await ann.send(text)
  lost = ann.group.tip.row.tip
  await ann.addChannel('later')
  for (const text of ['three', 'four']) await ann.send(text)
})

const note = (said: Parameters<typeof noteHeld>[2], mayHold: (eid: Eid) => boolean) =>
  ann.store.transaction((tx) => noteHeld(tx, { groupId: SPACE, self: ann.group.self, memberId: bob.group.self, now: 9 }, said, mayHold))
    .length
const owed = () => ann.store.deliveries.owedTo(SPACE, bob.group.self, 99).length
const anywhere = () => true

it('what a member counts of our messages is held there', () => {
  expect([note({ seq: 0 }, anywhere), owed()]).toEqual([0, 4])
  expect([note({ seq: 3 }, anywhere), owed()]).toEqual([3, 1])
  expect([note({ seq: 3 }, anywhere), owed()]).toEqual([0, 1])
})

it('what it has beyond a gap is held, and what is missing is not', () => {
  expect([note({ seq: 1, ahead: [3, 3] }, anywhere), owed()]).toEqual([2, 2])
})

it('what was written where it never was is not held because it counts what came after', () => {
  const notThere = (eid: Eid): boolean => eid !== lost
  expect([note({ seq: 4 }, notThere), owed()]).toEqual([2, 2])
  expect([note({ seq: 0, ahead: [1, 4] }, notThere), owed()]).toEqual([0, 2])
  expect([note({ seq: 4 }, anywhere), owed()]).toEqual([2, 0])
})
