import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Resident } from '../fixtures/town.ts'
import { joinBy } from '../fixtures/town.ts'
import { makePrivateWorld } from './private-world.ts'
import type { PrivateWorld } from './private-world.ts'

/** SPEC.md R8, P6: Bob is removed from the space, and invited again. */
let world: PrivateWorld
let alice: Resident
let bob: Resident
let carol: Resident

beforeEach(async () => {
  world = await makePrivateWorld('invited again')
  ;({ alice, bob, carol } = world)
})
afterEach(() => world.town.end())

const direct = async (by: Resident, to: Resident) =>
  (await by.api['channels.direct']({ spaceId: world.space.spaceId, memberId: world.idOf(to) })).channelId

it('who comes back to a space has what they had of its private channels, may be taken in again, and talks to each of them', async () => {
  const channelId = await world.make(alice, 'plans', [bob, carol])
  for (const one of [bob, carol]) await world.inTime(() => world.sees(one), ['plans (private)'])
  await world.talks(alice, channelId, 'hello', [bob, carol])
  const before = await direct(alice, bob)
  await world.inTime(() => world.sees(bob).then((seen) => seen.length), 2)
  await world.talks(alice, before, 'just us', [bob])
  const memberId = world.idOf(bob)
  await alice.api['members.remove']({ spaceId: world.space.spaceId, memberId })
  const there = async () => (await world.members(alice, channelId)).map((m) => m.split(' ')[0]).toSorted()
  await world.inTime(there, ['Alice', 'Carol'], 500)
  await world.inTime(async () => (await bob.api['spaces.list']({}))[0]?.status.kind, 'removed', 500)
  await world.talks(alice, channelId, 'without Bob', [carol])
  expect((await joinBy(alice, world.space, bob)).state.kind).toBe('done')
  expect(await world.sees(bob)).toEqual(expect.arrayContaining(['plans (private, removed)']))
  await alice.api['channels.addMember']({ channelId, memberId })
  await world.inTime(() => world.sees(bob), expect.arrayContaining(['plans (private)']), 500)
  await world.talks(bob, channelId, 'back again', [alice, carol])
  expect(world.heard(bob, channelId)).toEqual(['hello', 'back again'])
  const anew = await direct(alice, bob)
  await world.talks(alice, anew, 'us again', [])
  await world.inTime(() => world.heard(bob, anew).at(-1), 'us again', 500)
  await world.talks(bob, anew, 'good', [alice])
  expect(world.heard(bob, before)[0]).toBe('just us')
})
