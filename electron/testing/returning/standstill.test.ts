import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Space } from '../../../shared/domain/models.ts'
import { eventually, groupOf, heard, inTime as inTimeOf, joinBy, makeTown, say, stateOf } from '../fixtures/town.ts'
import type { Resident, Town } from '../fixtures/town.ts'

/** SPEC.md R9. All members of a space ask at once to be let in anew, and none is left who could let anybody in. */
let town: Town
let ann: Resident
let bob: Resident
let carol: Resident
let space: Space

const all = (): Resident[] => [ann, bob, carol]
const inTime = (what: () => unknown, expected: unknown) => inTimeOf(town, what, expected, 500)
const repair = (resident: Resident) => resident.api['spaces.repair']({ spaceId: space.spaceId })
const returning = async () => Promise.all(all().map(async (one) => (await one.api['spaces.list']({}))[0]?.returning))
const leafKeyOf = (resident: Resident) => {
  const { deps, tip } = resident.messenger.group(groupOf(resident))
  return deps.engine.leafKey(tip.state, deps.engine.self(tip.state).leafIndex)
}

beforeEach(async () => {
  town = await makeTown('standstill')
  ;[ann, bob, carol] = [await town.arrive('Ann'), await town.arrive('Bob'), await town.arrive('Carol')]
  space = await ann.api['spaces.create']({ name: 'Friends' })
  for (const guest of [bob, carol]) await joinBy(ann, space, guest)
  const message = await say(ann, 'hello')
  await inTime(() => stateOf(ann, message), 'delivered')
})
afterEach(() => town.end())

it('the highest of them stays as it was, and the others come to it with fresh leaves', async () => {
  const before = all().map(leafKeyOf)
  await Promise.all(all().map(repair))
  expect(await returning()).toEqual([true, true, true])
  await inTime(returning, [false, false, false])
  expect(leafKeyOf(ann)).toEqual(before[0])
  for (const [at, one] of [bob, carol].entries()) expect(leafKeyOf(one)).not.toEqual(before[at + 1])
  for (const one of all()) {
    const text = `${one.name} again`
    const message = await say(one, text)
    await inTime(() => all().every((reader) => heard(reader).includes(text)), true)
    await inTime(() => stateOf(one, message), 'delivered')
  }
})

it('the next one does where the highest is away, and what is written meanwhile waits', async () => {
  await ann.stop()
  town.hub.gone(ann.peerId)
  await Promise.all([bob, carol].map(repair))
  const states = () => Promise.all([bob, carol].map(async (one) => (await one.api['spaces.list']({}))[0]?.returning))
  expect(await states()).toEqual([true, true])
  await inTime(states, [false, false])
  await say(carol, 'without Ann')
  await inTime(() => heard(bob), ['hello', 'without Ann'])
})

it('begins anew after a restart in the middle of it', async () => {
  await Promise.all(all().map(repair))
  town.clock.advance(15_000)
  await eventually(returning, [true, true, true])
  await ann.restart()
  await inTime(returning, [false, false, false])
})
