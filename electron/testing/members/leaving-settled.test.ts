import { afterEach, beforeEach, expect, it } from 'vitest'
import { receiveObjects } from '../../sync/group/receive/receive-objects.ts'
import { away, back, groupOf, inTime, joinBy, makeTown, namesIn, selfOf, spaceOf } from '../fixtures/town.ts'
import type { Resident, Town } from '../fixtures/town.ts'

/** SPEC.md I4. Bob asks Carol to see him off, who has just heard that Ann removed her, and has not yet made the choice that she is out. */
let town: Town

beforeEach(async () => {
  town = await makeTown('leaving settled')
})
afterEach(() => town.end())

it('nobody is told that they are out by somebody who may be out itself', async () => {
  const [ann, bob, carol] = [await town.arrive('Ann'), await town.arrive('Bob'), await town.arrive('Carol')]
  const space = await ann.api['spaces.create']({ name: 'Friends' })
  const { spaceId } = space
  for (const guest of [bob, carol]) await joinBy(ann, space, guest)
  const members = (resident: Resident) => namesIn(space, resident)
  const statusOf = async (resident: Resident) => (await spaceOf(resident))?.status.kind
  await inTime(town, () => members(bob), ['Ann', 'Bob', 'Carol'])
  await away(town, bob, carol)
  await ann.api['members.remove']({ spaceId, memberId: selfOf(carol) })
  const removal = ann.store.objects.since(groupOf(ann), 0, null, 1_000)
  await away(town, ann)

  await back(town, bob)
  await back(town, carol)
  const isMet = () => bob.messenger.network.sessions().some(({ peerId, shared }) => peerId === carol.peerId && shared.length > 0)
  await inTime(town, isMet, true, 0)
  await receiveObjects(carol.messenger.group(groupOf(carol)), removal)
  await bob.api['spaces.leave']({ spaceId })
  await inTime(town, () => statusOf(carol), 'removed')
  expect(await statusOf(bob)).toBe('leaving')

  await back(town, ann)
  await inTime(town, () => members(ann), ['Ann'])
  await inTime(town, () => statusOf(bob), undefined)
})
