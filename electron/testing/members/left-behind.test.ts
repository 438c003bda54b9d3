import { afterEach, beforeEach, it } from 'vitest'
import type { Space } from '../../../shared/domain/models.ts'
import { away, back, heard, inTime as inTimeOf, joinBy, makeTown, namesIn, say, spaceOf } from '../fixtures/town.ts'
import type { Resident, Town } from '../fixtures/town.ts'

/**
 * SPEC.md T6. Bob alone sees Carol off, and nobody hears of it. Then he leaves himself, where only Eve is, who came in since, elsewhere: she can follow
 * nothing that he brings.
 */
let town: Town
let space: Space

const inTime = (what: () => unknown, expected: unknown) => inTimeOf(town, what, expected, 100)
const members = (resident: Resident) => namesIn(space, resident)
const all = (residents: readonly Resident[], names: readonly string[]) =>
  inTime(
    () => Promise.all(residents.map(members)),
    residents.map(() => names),
  )

beforeEach(async () => {
  town = await makeTown('left behind')
})
afterEach(() => town.end())

it('who leaves hands over what those said whom it let go, where nobody can follow how', { timeout: 90_000 }, async () => {
  const [ann, bob, carol, dave] = [
    await town.arrive('Ann'),
    await town.arrive('Bob'),
    await town.arrive('Carol'),
    await town.arrive('Dave'),
  ]
  space = await ann.api['spaces.create']({ name: 'Friends' })
  for (const guest of [bob, carol, dave]) await joinBy(ann, space, guest)
  await all([bob, carol, dave], ['Ann', 'Bob', 'Carol', 'Dave'])

  await away(town, ann, dave)
  await carol.api['spaces.leave']({ spaceId: space.spaceId })
  await inTime(() => carol.store.groups.list(), [])
  await away(town, bob, carol)

  for (const one of [ann, dave]) await back(town, one)
  await ann.api['spaces.rename']({ spaceId: space.spaceId, name: 'Old friends' })
  const eve = await town.arrive('Eve')
  await joinBy(ann, space, eve)
  await all([eve, dave], ['Ann', 'Bob', 'Carol', 'Dave', 'Eve'])
  // So that more are seen there than where Bob is.
  await say(dave, 'Hello Eve')
  await inTime(() => heard(eve), ['Hello Eve'])
  await away(town, ann, dave)

  await back(town, bob)
  await inTime(async () => (await spaceOf(bob))?.name, 'Old friends')
  await bob.api['spaces.leave']({ spaceId: space.spaceId })
  await inTime(() => bob.store.groups.list(), [])
  await all([eve], ['Ann', 'Dave', 'Eve'])
  for (const one of [ann, dave]) await back(town, one)
  await all([ann, dave, eve], ['Ann', 'Dave', 'Eve'])
})
