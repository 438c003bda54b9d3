import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChannelId } from '../../../shared/domain/ids.ts'
import { AppError } from '../../kernel/errors.ts'
import { joinBy } from '../fixtures/town.ts'
import type { Resident } from '../fixtures/town.ts'
import { makePrivateWorld } from './private-world.ts'
import type { PrivateWorld } from './private-world.ts'

let world: PrivateWorld
let alice: Resident
let bob: Resident
let carol: Resident
let dave: Resident

beforeEach(async () => {
  world = await makePrivateWorld('private channels')
  ;({ alice, bob, carol, dave } = world)
})
afterEach(() => world.town.end())

const make = (by: Resident, name: string, members: readonly Resident[]): Promise<ChannelId> => world.make(by, name, members)
const talks = (from: Resident, channelId: ChannelId, text: string, to: readonly Resident[]) => world.talks(from, channelId, text, to)

describe('a private channel', () => {
  it('is there for those who are in it, and for the others it is not there at all', async () => {
    const channelId = await make(alice, 'plans', [bob, carol])
    for (const one of [alice, bob, carol]) await world.inTime(() => world.sees(one), ['plans (private)'])
    await talks(alice, channelId, 'a surprise for Dave', [bob, carol])
    await talks(carol, channelId, 'yes', [alice, bob])
    expect(await world.members(bob, channelId)).toEqual(['Alice owner', 'Bob member', 'Carol member'])
    expect(await world.channel(bob, 'plans')).toMatchObject({ memberCount: 3, spaceId: world.space.spaceId, kind: 'private' })
    expect(await world.sees(dave)).toEqual([])
    expect(dave.store.groups.list()).toHaveLength(1)
    expect(JSON.stringify(dave.events)).not.toContain('plans')
    expect(JSON.stringify(dave.events)).not.toContain(channelId)
  })

  it('takes in somebody who is away, as soon as they are back, from whoever of it is there', async () => {
    await world.away(dave)
    const channelId = await make(alice, 'plans', [bob, dave])
    await world.inTime(() => world.sees(bob), ['plans (private)'])
    expect(await world.members(alice, channelId)).toEqual(['Alice owner', 'Bob member', 'Dave member'])
    await talks(alice, channelId, 'when Dave is back', [bob])
    await world.away(alice)
    await world.back(dave)
    // Bob has no Welcome for Dave: he waits for Alice, and then has the leaf exchanged for a fresh one.
    await world.inTime(() => world.sees(dave), ['plans (private)'], 500)
    await talks(bob, channelId, 'here you are', [dave])
    await talks(dave, channelId, 'here I am', [bob])
    await world.back(alice)
    await world.inTime(() => world.heard(alice, channelId), ['when Dave is back', 'here you are', 'here I am'])
    await talks(alice, channelId, 'all of us', [bob, dave])
  })

  it('takes in somebody who is away by the Welcome that was made for them', async () => {
    await world.away(carol)
    const channelId = await make(alice, 'plans', [carol])
    await world.say(alice, channelId, 'before you were back')
    await alice.restart()
    await world.back(carol)
    await world.inTime(() => world.sees(carol), ['plans (private)'])
    await world.inTime(() => world.heard(carol, channelId), ['before you were back'])
    await talks(carol, channelId, 'thanks', [alice])
  })

  it('calls who is connected and not in it: at once who has the Welcome, others after twenty seconds (P5)', async () => {
    const { town } = world
    await world.away(dave)
    const channelId = await make(alice, 'plans', [bob, dave])
    await world.inTime(() => world.sees(bob), ['plans (private)'])
    await talks(alice, channelId, 'for Dave', [bob])
    await world.away(alice)
    await world.back(dave)
    const isMet = () => bob.messenger.network.sessions().some(({ peerId, shared }) => peerId === dave.peerId && shared.length > 0)
    await world.inTime(isMet, true, 0)
    const since = town.clock.now()
    const calls: number[] = []
    const { onWelcome } = dave.handlers
    dave.handlers.onWelcome = (...told) => {
      if (told[1].kind === 'call') calls.push(town.clock.now() - since)
      return onWelcome(...told)
    }
    await world.inTime(() => world.sees(dave), ['plans (private)'], 500)
    expect(calls[0]).toBeGreaterThanOrEqual(20_000)

    await world.away(carol)
    await bob.api['channels.addMember']({ channelId, memberId: world.idOf(carol) })
    await world.back(carol)
    await world.inTime(() => world.sees(carol), ['plans (private)'], 0)
  })

  it('takes in more of them later, also by others than who made it', async () => {
    const channelId = await make(alice, 'plans', [bob])
    await world.inTime(() => world.sees(bob), ['plans (private)'])
    await talks(alice, channelId, 'before Carol', [bob])
    await bob.api['channels.addMember']({ channelId, memberId: world.idOf(carol) })
    await world.inTime(() => world.sees(carol), ['plans (private)'])
    await talks(bob, channelId, 'with Carol', [alice, carol])
    expect(world.heard(carol, channelId)).toEqual(['with Carol'])
    expect(await world.sees(dave)).toEqual([])
  })

  it('is told who was removed while away, also where whoever removed them goes before they are back', async () => {
    const channelId = await make(alice, 'plans', [bob])
    await world.inTime(() => world.sees(bob), ['plans (private)'])
    await world.away(bob)
    await alice.api['channels.removeMember']({ channelId, memberId: world.idOf(bob) })
    await alice.api['channels.leave']({ channelId })
    await alice.restart()
    world.town.hub.partition(alice.peerId, bob.peerId)
    await world.back(bob)
    const onPush = bob.handlers.onPush.bind(bob.handlers)
    const lost = () => Promise.reject(new AppError('unreachable', 'lost'))
    bob.handlers.onPush = (from, push) => (String(from.groupId) === String(world.space.spaceId) ? onPush(from, push) : lost())
    world.town.hub.heal(alice.peerId, bob.peerId)
    const until = world.town.clock.now() + 30_000
    await world.inTime(() => world.town.clock.now() > until, true, 500)
    expect([await world.sees(alice), alice.store.groups.list().length]).toEqual([['plans (private, leaving)'], 2])
    bob.handlers.onPush = onPush
    await world.inTime(async () => (await world.channel(bob, 'plans')).status.kind, 'removed')
    await world.inTime(() => alice.store.groups.list().length, 1)
  })

  it('lets somebody go who is removed: they keep what they have, see nothing new, and may be taken in again', async () => {
    const channelId = await make(alice, 'plans', [bob, carol])
    for (const one of [bob, carol]) await world.inTime(() => world.sees(one), ['plans (private)'])
    await talks(alice, channelId, 'hello', [bob, carol])
    await expect(carol.api['channels.removeMember']({ channelId, memberId: world.idOf(bob) })).rejects.toMatchObject({
      code: 'not-permitted',
    })
    await alice.api['channels.removeMember']({ channelId, memberId: world.idOf(bob) })
    await world.inTime(() => world.sees(bob), ['plans (private, removed)'])
    await talks(alice, channelId, 'without Bob', [carol])
    expect(world.heard(bob, channelId)).toEqual(['hello'])
    await expect(world.say(bob, channelId, 'let me in')).rejects.toMatchObject({ code: 'not-member' })
    await alice.api['channels.addMember']({ channelId, memberId: world.idOf(bob) })
    await world.inTime(() => world.sees(bob), ['plans (private)'])
    await talks(bob, channelId, 'back again', [alice, carol])
    expect(world.heard(bob, channelId)).toEqual(['hello', 'back again'])
    expect((await world.channel(bob, 'plans')).away).toHaveLength(1)
    await bob.restart()
    await talks(alice, channelId, 'good', [bob, carol])
  })

  it('is left, by its owner too: the most senior of those who stay is owner then', async () => {
    const channelId = await make(alice, 'plans', [bob, carol])
    for (const one of [bob, carol]) await world.inTime(() => world.sees(one), ['plans (private)'])
    await alice.api['channels.leave']({ channelId })
    await world.inTime(() => world.sees(alice), [])
    const owners = async () => (await world.members(bob, channelId)).map((m) => m.split(' ')[1]).sort()
    await world.inTime(owners, ['member', 'owner'])
    await talks(carol, channelId, 'Alice left', [bob])
    // Once those who stay know, which takes as long as it takes them, what is here of it goes.
    await world.inTime(() => alice.store.directory.under(world.space.spaceId as never), [])
    expect(await world.sees(alice)).toEqual([])
    const [first] = [bob, carol].sort((a, b) => (world.idOf(a) < world.idOf(b) ? -1 : 1))
    if (first === undefined) throw new Error('two stayed')
    await first.api['channels.addMember']({ channelId, memberId: world.idOf(alice) })
    await world.inTime(() => world.sees(alice), ['plans (private)'])
    await talks(alice, channelId, 'I am back', [bob, carol])
  })

  it('is no longer for whoever is removed from the space, its owner too', async () => {
    const channelId = await make(bob, 'plans', [carol, alice])
    for (const one of [carol, alice]) await world.inTime(() => world.sees(one), ['plans (private)'])
    await talks(bob, channelId, 'hello', [carol, alice])
    await alice.api['members.remove']({ spaceId: world.space.spaceId, memberId: world.idOf(bob) })
    const there = async (one: Resident) => (await world.members(one, channelId)).map((m) => m.split(' ')[0]).sort()
    for (const one of [alice, carol]) await world.inTime(() => there(one), ['Alice', 'Carol'], 500)
    await talks(carol, channelId, 'without Bob', [alice])
    expect(world.heard(bob, channelId)).toEqual(['hello'])
    await world.inTime(() => world.sees(bob), ['plans (private, removed)'])
    await expect(world.say(bob, channelId, 'still here')).rejects.toMatchObject({ code: 'not-member' })
    await expect(alice.api['channels.addMember']({ channelId, memberId: world.idOf(bob) })).rejects.toMatchObject({ code: 'not-found' })
    await world.inTime(async () => (await bob.api['spaces.list']({}))[0]?.status.kind, 'removed', 500)
    await bob.api['spaces.forget']({ spaceId: world.space.spaceId })
    await world.inTime(() => bob.store.groups.list(), [])
  })

  it('is left with the space', async () => {
    const channelId = await make(bob, 'plans', [carol])
    await world.inTime(() => world.sees(carol), ['plans (private)'])
    await bob.api['spaces.leave']({ spaceId: world.space.spaceId })
    await world.inTime(() => bob.store.groups.list(), [])
    await world.inTime(() => world.members(carol, channelId), ['Carol owner'])
    expect(bob.store.mls.keyPackagesOf(alice.messenger.deps.engine.scope(carol.messenger.groupOfChannel(channelId).tip.state))).toEqual([])
  })

  it('is not come into by whoever leaves the space, and is not there when they join again', async () => {
    for (const one of [carol, dave, bob]) await world.away(one)
    await make(alice, 'plans', [bob])
    await world.away(alice)
    await world.back(bob)
    await bob.api['spaces.leave']({ spaceId: world.space.spaceId })
    await world.back(alice)
    await world.inTime(() => bob.store.groups.list(), [])
    await world.inTime(async () => (await bob.api['spaces.list']({})).length, 0)
    await joinBy(alice, world.space, bob)
    await world.inTime(async () => (await bob.api['spaces.list']({}))[0]?.status.kind, 'member')
    for (let second = 0; second < 60; second++) world.town.clock.advance(1_000)
    expect(await world.sees(bob)).toEqual([])
  })

  it('is told apart from an open channel, and what is not meant for it is refused', async () => {
    const channelId = await make(alice, 'plans', [bob])
    const { spaceId } = world.space
    const [open] = alice.store.directory.channels(spaceId as never)
    if (open === undefined) throw new Error('a space has a channel')
    const memberId = world.idOf(carol)
    await expect(alice.api['channels.addMember']({ channelId: open.channelId, memberId })).rejects.toMatchObject({ code: 'invalid' })
    await expect(alice.api['channels.leave']({ channelId: open.channelId })).rejects.toMatchObject({ code: 'invalid' })
    const { membersOf } = await world.channel(alice, 'plans')
    const under = { spaceId: membersOf }
    await expect(alice.api['spaces.rename']({ ...under, name: 'x' })).rejects.toMatchObject({ code: 'not-found' })
    await expect(alice.api['channels.create']({ ...under, name: 'x', kind: 'open' })).rejects.toMatchObject({ code: 'not-found' })
    await expect(
      alice.api['invitations.create']({ ...under, role: 'member', maxUses: null, expiresInMs: 3_600_000 }),
    ).rejects.toMatchObject({ code: 'not-found' })
    await alice.api['channels.rename']({ channelId, name: 'secrets' })
    await world.inTime(() => world.sees(bob), ['secrets (private)'])
    await expect(bob.api['channels.rename']({ channelId, name: 'mine' })).rejects.toMatchObject({ code: 'not-permitted' })
  })
})
