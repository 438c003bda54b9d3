import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Space } from '../../../shared/domain/models.ts'
import { receiveObject } from '../../sync/group/receive/receive-objects.ts'
import { away, back, groupOf, inTime as inTimeOf, joinBy, makeTown, namesIn, say, selfOf } from '../fixtures/town.ts'
import type { Resident, Town } from '../fixtures/town.ts'

/** SPEC.md I5. Bob sees Dave off while Ann and Carol, who are more, change the space: his commit loses, and Dave, who was told, asks nobody. */
let town: Town
let ann: Resident
let bob: Resident
let carol: Resident
let dave: Resident
let space: Space

const inTime = (what: () => unknown, expected: unknown, step = 500) => inTimeOf(town, what, expected, step)
const members = (resident: Resident) => namesIn(space, resident)
const tip = (resident: Resident) => resident.store.groups.get(groupOf(ann))?.tip
/** The commits by which Dave goes that somebody knows. */
const seenOffBy = (resident: Resident, leaver: string) =>
  resident.store.commits.of(groupOf(ann)).flatMap(({ author, removes }) => (removes.some((one) => one === leaver) ? author : []))

beforeEach(async () => {
  town = await makeTown('seen off')
  ;[ann, bob, carol] = [await town.arrive('Ann'), await town.arrive('Bob'), await town.arrive('Carol')]
  dave = await town.arrive('Dave')
  space = await ann.api['spaces.create']({ name: 'Friends' })
  for (const guest of [bob, carol, dave]) await joinBy(ann, space, guest)
  await inTime(() => [bob, carol, dave].map((one) => tip(one) === tip(ann)), [true, true, true])
  await away(town, ann, carol)
})
afterEach(() => town.end())

/** Answers who Dave was. */
async function daveLeaves(): Promise<string> {
  const leaver = selfOf(dave)
  await dave.api['spaces.leave']({ spaceId: space.spaceId })
  await inTime(() => dave.store.groups.list(), [])
  await away(town, bob)
  await back(town, ann)
  await back(town, carol)
  await ann.api['spaces.rename']({ spaceId: space.spaceId, name: 'Old friends' })
  await inTime(() => tip(carol) === tip(ann), true)
  await say(carol, 'here')
  await say(ann, 'me too')
  expect(await members(ann)).toEqual(['Ann', 'Bob', 'Carol', 'Dave'])
  return leaver
}

it('who left is seen off again by whoever did so, once', async () => {
  const leaver = await daveLeaves()
  await back(town, bob)
  for (const one of [ann, bob, carol]) await inTime(() => members(one), ['Ann', 'Bob', 'Carol'], 50)
  const until = town.clock.now() + 60_000
  await inTime(() => town.clock.now() > until, true)
  expect(seenOffBy(ann, leaver)).toEqual([selfOf(bob), selfOf(bob)])
})

it('and by somebody else after a while where that one, still a member, does not', async () => {
  const leaver = await daveLeaves()
  const [commit] = bob.store.commits.of(groupOf(ann)).filter(({ removes }) => removes.some((one) => one === leaver))
  const object = commit && bob.store.objects.get(commit.objectId)
  if (!object) throw new Error('Bob has the commit by which Dave went')
  // As if somebody brought it who had it of Bob.
  for (const one of [ann, carol]) expect(await receiveObject(one.messenger.group(groupOf(ann)), object)).toBe('stored')
  const until = town.clock.now() + 15_000
  await inTime(() => town.clock.now() > until, true)
  expect(seenOffBy(carol, leaver)).toEqual([selfOf(bob)])
  for (const one of [ann, carol]) await inTime(() => members(one), ['Ann', 'Bob', 'Carol'])
  await back(town, bob)
  await inTime(() => members(bob), ['Ann', 'Bob', 'Carol'])
  await inTime(() => tip(bob) === tip(ann), true)
})
