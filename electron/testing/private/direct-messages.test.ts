import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Channel } from '../../../shared/domain/models.ts'
import type { Resident } from '../fixtures/town.ts'
import { makePrivateWorld } from './private-world.ts'
import type { PrivateWorld } from './private-world.ts'

let world: PrivateWorld
let alice: Resident
let bob: Resident
let carol: Resident
let dave: Resident

beforeEach(async () => {
  world = await makePrivateWorld('direct messages')
  ;({ alice, bob, carol, dave } = world)
})
afterEach(() => world.town.end())

const dm = (from: Resident, to: Resident): Promise<Channel> =>
  from.api['channels.direct']({ spaceId: world.space.spaceId, memberId: world.idOf(to) })
const talks = (from: Resident, to: Resident, channelId: Channel['channelId'], text: string) => world.talks(from, channelId, text, [to])

describe('a direct message', () => {
  it('is between two, named after the other, the same each time, and nobody else sees it', async () => {
    const made = await dm(alice, bob)
    expect(made).toMatchObject({
      name: 'Bob',
      kind: 'direct',
      with: world.idOf(bob),
      may: { addMembers: false, rename: false, leave: true },
    })
    expect((await dm(alice, bob)).channelId).toBe(made.channelId)
    await world.inTime(() => world.sees(bob), ['Alice (direct)'])
    expect((await dm(bob, alice)).channelId).toBe(made.channelId)
    await talks(alice, bob, made.channelId, 'psst')
    await talks(bob, alice, made.channelId, 'yes?')
    expect(await world.members(alice, made.channelId)).toEqual(['Alice owner', 'Bob owner'])
    for (const other of [carol, dave]) {
      expect(await world.sees(other)).toEqual([])
      expect(JSON.stringify(other.events)).not.toContain(made.channelId)
    }
    await expect(alice.api['channels.addMember']({ channelId: made.channelId, memberId: world.idOf(carol) })).rejects.toMatchObject({
      code: 'invalid',
    })
    await expect(alice.api['channels.removeMember']({ channelId: made.channelId, memberId: world.idOf(bob) })).rejects.toMatchObject({
      code: 'not-permitted',
    })
    await expect(dm(alice, alice)).rejects.toMatchObject({ code: 'invalid' })
  })

  it('that two begin at once is one in the end, whichever of them asks', async () => {
    const [first, second] = await Promise.all([dm(alice, bob), dm(bob, alice)])
    expect(first.channelId).not.toBe(second.channelId)
    await world.inTime(async () => (await dm(alice, bob)).channelId === (await dm(bob, alice)).channelId, true)
    await world.inTime(() => alice.store.directory.under(world.space.spaceId as never).length, 2)
    await world.inTime(() => bob.store.directory.under(world.space.spaceId as never).length, 2)
    expect(await world.sees(alice)).toEqual(['Bob (direct)'])
    expect(await world.sees(bob)).toEqual(['Alice (direct)'])
    const { channelId } = await dm(alice, bob)
    await talks(alice, bob, channelId, 'here')
    await talks(bob, alice, channelId, 'here too')
  })

  it('that two begin at once loses nothing that was said in the other', async () => {
    const [first, second] = await Promise.all([dm(alice, bob), dm(bob, alice)])
    await world.say(alice, first.channelId, 'from Alice')
    await world.say(bob, second.channelId, 'from Bob')
    await world.inTime(() => world.heard(bob, first.channelId), ['from Alice'])
    await world.inTime(() => world.heard(alice, second.channelId), ['from Bob'])
    expect(await world.sees(alice)).toEqual(['Bob (direct)', 'Bob (direct)'])
    await world.inTime(async () => (await dm(alice, bob)).channelId === (await dm(bob, alice)).channelId, true)
  })

  it('that is not shown beside another one is shown once something is said in it', async () => {
    const [first, second] = await Promise.all([dm(alice, bob), dm(bob, alice)])
    for (const one of [alice, bob]) await world.inTime(() => one.store.directory.under(world.space.spaceId as never).length, 2)
    await world.inTime(async () => (await dm(alice, bob)).channelId === (await dm(bob, alice)).channelId, true)
    const hidden = (await dm(alice, bob)).channelId === first.channelId ? second.channelId : first.channelId
    const shown = () => {
      const told = alice.events.flatMap((event) => (event.event === 'spaces.changed' ? [event.data] : [])).at(-1) ?? []
      return told.flatMap(({ channels }) => channels).some(({ channelId }) => channelId === hidden)
    }
    await world.inTime(shown, false)
    await bob.api['messages.send']({ channelId: hidden, text: 'still here', replyTo: null })
    await world.inTime(shown, true)
  })

  it('to somebody who is away waits, and arrives when they are back', async () => {
    await world.away(bob)
    const { channelId } = await dm(alice, bob)
    await world.say(alice, channelId, 'call me')
    await world.away(alice)
    await world.back(alice)
    await world.back(bob)
    await world.inTime(() => world.sees(bob), ['Alice (direct)'])
    await world.inTime(() => world.heard(bob, channelId), ['call me'])
    await talks(bob, alice, channelId, 'I will')
  })

  it('with somebody who left is over, and another begins', async () => {
    const { channelId } = await dm(alice, bob)
    await world.inTime(() => world.sees(bob), ['Alice (direct)'])
    await talks(alice, bob, channelId, 'hello')
    await bob.api['channels.leave']({ channelId })
    await world.inTime(() => world.sees(bob), [])
    await world.inTime(() => world.members(alice, channelId), ['Alice owner'])
    expect(await world.channel(alice, 'Bob')).toMatchObject({ with: null })
    await expect(alice.api['messages.send']({ channelId, text: 'anybody?', replyTo: null })).rejects.toMatchObject({ code: 'not-member' })
    const again = await dm(alice, bob)
    expect(again.channelId).not.toBe(channelId)
    await world.inTime(() => world.sees(bob), ['Alice (direct)'])
    await talks(bob, alice, again.channelId, 'hello again')
  })
})
