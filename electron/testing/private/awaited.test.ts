import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GroupId } from '../../../shared/domain/ids.ts'
import type { Resident } from '../fixtures/town.ts'
import { makePrivateWorld } from './private-world.ts'
import type { PrivateWorld } from './private-world.ts'

/** Somebody is asked in whose key packages are not here yet. */
let world: PrivateWorld
let alice: Resident
let bob: Resident
let carol: Resident

beforeEach(async () => {
  world = await makePrivateWorld('awaited')
  ;({ alice, bob, carol } = world)
  await world.away(bob)
  for (const other of [alice, carol, world.dave]) forgetOffer(other)
})
afterEach(() => world.town.end())

const forgetOffer = ({ store }: Resident) =>
  store.transaction((tx) => tx.settings.delete(`offer/${world.space.spaceId as string as GroupId}/${world.idOf(bob)}`))
const state = async (messageId: Parameters<Resident['api']['messages.get']>[0]['messageId']) =>
  (await alice.api['messages.get']({ messageId })).delivery

describe('somebody whose keys are not here yet', () => {
  it('is sent what was written for them once they are in, as the message that it was', async () => {
    const { spaceId } = world.space
    const made = await alice.api['channels.direct']({ spaceId, memberId: world.idOf(bob) })
    expect(made).toMatchObject({ name: 'Bob', with: world.idOf(bob), memberCount: 1 })
    expect(made.may.send).toBe(true)
    expect(await world.members(alice, made.channelId)).toEqual(['Alice owner', 'Bob awaited'])
    const { messageId } = await world.say(alice, made.channelId, 'are you there?')
    expect(await state(messageId)).toMatchObject({ state: 'stored', delivered: 0, recipients: 1 })
    await alice.restart()
    await world.back(bob)
    await world.inTime(() => world.heard(bob, made.channelId), ['are you there?'])
    await world.inTime(async () => (await state(messageId)).state, 'delivered')
    expect(await world.members(alice, made.channelId)).toEqual(['Alice owner', 'Bob owner'])
    await world.talks(bob, made.channelId, 'here', [alice])
  })

  it('reads nothing of what was written before they were asked in', async () => {
    const channelId = await world.make(alice, 'plans', [carol])
    await world.inTime(() => world.sees(carol), ['plans (private)'])
    await world.talks(alice, channelId, 'before Bob', [carol])
    await alice.api['channels.addMember']({ channelId, memberId: world.idOf(bob) })
    expect(await world.members(alice, channelId)).toEqual(['Alice owner', 'Bob awaited', 'Carol member'])
    await world.say(alice, channelId, 'for Bob too')
    await world.say(carol, channelId, 'Carol does not know of Bob')
    await world.back(bob)
    await world.inTime(() => world.heard(bob, channelId), ['for Bob too'])
    await world.talks(carol, channelId, 'hello Bob', [alice, bob])
    expect(world.heard(bob, channelId)).toEqual(['for Bob too', 'hello Bob'])
    expect(world.heard(carol, channelId)).toEqual(['before Bob', 'for Bob too', 'Carol does not know of Bob', 'hello Bob'])
  })

  it('can be called off, and is owed nothing then', async () => {
    const channelId = await world.make(alice, 'plans', [bob])
    const { messageId } = await world.say(alice, channelId, 'for Bob')
    await alice.api['channels.removeMember']({ channelId, memberId: world.idOf(bob) })
    expect(await world.members(alice, channelId)).toEqual(['Alice owner'])
    expect((await state(messageId)).recipients).toBe(0)
    await world.back(bob)
    await world.inTime(() => alice.store.settings.get(`offer/${world.space.spaceId as string}/${world.idOf(bob)}`) !== null, true)
    expect(await world.sees(bob)).toEqual([])
  })

  it('is awaited no more once they are out of the space', async () => {
    const channelId = await world.make(alice, 'plans', [bob])
    const { messageId } = await world.say(alice, channelId, 'for Bob')
    await alice.api['members.remove']({ spaceId: world.space.spaceId, memberId: world.idOf(bob) })
    await world.inTime(() => world.members(alice, channelId), ['Alice owner'])
    await world.inTime(async () => (await state(messageId)).recipients, 0)
  })
})
