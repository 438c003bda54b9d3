import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { channelOf, joinBy, namesIn } from '../fixtures/town.ts'
import type { Resident } from '../fixtures/town.ts'
import { makePrivateWorld } from './private-world.ts'
import type { PrivateWorld } from './private-world.ts'

/** Eve came into the space by a commit of Dave's, and into a private channel of Alice's; then that commit loses, and Dave is away. */
let world: PrivateWorld
let alice: Resident
let eve: Resident

const EVERYBODY = ['Alice', 'Bob', 'Carol', 'Dave', 'Eve']

beforeEach(async () => {
  world = await makePrivateWorld('came by lost')
  ;({ alice } = world)
  const { carol, dave, bob, space } = world
  for (const admin of [carol, dave]) {
    await alice.api['members.setRole']({ spaceId: space.spaceId, memberId: world.idOf(admin), role: 'admin' })
    await world.inTime(async () => (await admin.api['spaces.list']({}))[0]?.may.manageChannels, true)
  }
  for (const one of [bob, carol]) await world.away(one)
  eve = await world.town.arrive('Eve')
  await joinBy(dave, space, eve)
  await world.inTime(() => namesIn(space, alice), EVERYBODY)
})
afterEach(() => world.town.end())

/** A minute, in which everybody does what is to be done. */
const aMinute = async () => {
  for (let i = 0; i < 120; i++) await world.inTime(() => true, true, 500)
}

/** Alice asks Eve in, whose keys she has not got, and writes something for her. */
async function awaitedEve() {
  await world.away(eve)
  alice.store.transaction((tx) => tx.settings.delete(`offer/${world.space.spaceId}/${world.idOf(eve)}`))
  const channelId = await world.make(alice, 'plans', [eve])
  return { channelId, said: await world.say(alice, channelId, 'for Eve') }
}

async function thatLoses(): Promise<void> {
  const { bob, carol, dave, space } = world
  for (const one of [alice, dave, eve]) await world.away(one)
  for (const one of [bob, carol]) await world.back(one)
  for (const name of ['one', 'two']) await carol.api['channels.create']({ spaceId: space.spaceId, name, kind: 'open' })
  await world.talks(bob, channelOf(bob), 'seen here', [carol])
  await world.back(alice)
  await world.inTime(() => namesIn(space, alice), ['Alice', 'Bob', 'Carol', 'Dave'])
  await aMinute()
}

describe('who came into the space by a commit that lost', () => {
  it('is awaited in a private channel still, and has what is written there once let in again (P7)', async () => {
    const { channelId, said } = await awaitedEve()
    await thatLoses()
    expect(await world.members(alice, channelId)).toEqual(['Alice owner', 'Eve awaited'])
    expect((await alice.api['messages.get'](said)).delivery).toMatchObject({ state: 'stored', recipients: 1 })
    for (const one of [world.dave, eve]) await world.back(one)
    await world.inTime(() => world.heard(eve, channelId), ['for Eve'], 500)
    expect(await world.members(eve, channelId)).toEqual(['Alice owner', 'Eve member'])
  })

  it('stays in the private channels they are in (P8)', async () => {
    const channelId = await world.make(alice, 'plans', [eve])
    await world.inTime(() => world.sees(eve), ['plans (private)'])
    await thatLoses()
    expect(await world.members(alice, channelId)).toEqual(['Alice owner', 'Eve member'])
    await world.say(alice, channelId, 'for Eve')
    for (const one of [world.dave, eve]) await world.back(one)
    await world.inTime(() => world.heard(eve, channelId), ['for Eve'], 500)
    expect(await world.sees(eve)).toEqual(['plans (private)'])
  })

  it('is awaited no longer where nobody lets them in again within an hour (P7)', async () => {
    const { channelId, said } = await awaitedEve()
    await thatLoses()
    expect(await world.members(alice, channelId)).toEqual(['Alice owner', 'Eve awaited'])
    await world.inTime(() => world.members(alice, channelId), ['Alice owner'], 60_000)
    expect((await alice.api['messages.get'](said)).delivery.recipients).toBe(0)
  })

  it('is let go from them where nobody lets them in again within an hour (P8)', async () => {
    const channelId = await world.make(alice, 'plans', [eve])
    await world.inTime(() => world.sees(eve), ['plans (private)'])
    await thatLoses()
    await world.inTime(() => world.members(alice, channelId), ['Alice owner'], 60_000)
  })
})
