import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChannelId, GroupId } from '../../../shared/domain/ids.ts'
import { makeLeaveOffer } from '../../sync/members/leave-offer.ts'
import { rewindableStore } from '../returning/old-copies.ts'
import type { RewindableStore } from '../returning/old-copies.ts'
import type { Resident } from '../fixtures/town.ts'
import { tempDir } from '../temp-dir.ts'
import { makePrivateWorld } from './private-world.ts'
import type { PrivateWorld } from './private-world.ts'

/** What works in a space works in a private channel: over real databases. */
let folder: ReturnType<typeof tempDir>
const stores = new Map<string, RewindableStore>()
let world: PrivateWorld
let alice: Resident
let bob: Resident
let carol: Resident
let dave: Resident

beforeEach(async () => {
  folder = tempDir()
  world = await makePrivateWorld('like a space', (name) => {
    const store = rewindableStore(folder.dir, name)
    stores.set(name, store)
    return store
  })
  ;({ alice, bob, carol, dave } = world)
})
afterEach(async () => {
  await world.town.end()
  for (const store of stores.values()) store.close()
  stores.clear()
  folder.remove()
})

const plans = async (by: Resident, members: readonly Resident[]): Promise<ChannelId> => {
  const channelId = await world.make(by, 'plans', members)
  for (const one of [by, ...members]) await world.inTime(() => world.sees(one), ['plans (private)'])
  return channelId
}
const storeOf = ({ name }: Resident): RewindableStore => {
  const store = stores.get(name)
  if (store === undefined) throw new Error('everybody has a store')
  return store
}
const startFromCopy = async (resident: Resident, copy: Uint8Array) => {
  await world.away(resident)
  storeOf(resident).putBack(copy)
  await resident.restart(world.town.hub.newPeerId())
  world.town.hub.retryAll()
}

describe('in a private channel', () => {
  it('a search of the space finds what was said, for those who are in it', async () => {
    const channelId = await plans(alice, [bob])
    await world.talks(alice, channelId, 'a marzipan cake', [bob])
    const found = async (who: Resident) => {
      const wish = { text: 'marzipan', spaceId: world.space.spaceId, channelId: null, order: 'newest', limit: 10, before: null } as const
      return (await who.api['messages.search'](wish)).hits.map(({ message, spaceId }) => [message.channelId, spaceId])
    }
    expect(await found(bob)).toEqual([[channelId, world.space.spaceId]])
    expect(await found(dave)).toEqual([])
  })

  it('what is unread is counted, and who wrote it is told that it was read', async () => {
    const channelId = await plans(alice, [bob])
    const message = await world.talks(alice, channelId, 'hello', [bob])
    expect(await world.channel(bob, 'plans')).toMatchObject({ unread: 1 })
    await bob.api['messages.markRead']({ channelId, seq: 1 })
    expect(await world.channel(bob, 'plans')).toMatchObject({ unread: 0, readSeq: 1 })
    const state = async () => (await alice.api['messages.get']({ messageId: message.messageId })).delivery.state
    await world.inTime(state, 'read', 500)
  })

  it('newcomers are given what the space gives, until somebody says otherwise of the channel', async () => {
    const { spaceId } = world.space
    await alice.api['spaces.setHistory']({ spaceId, history: { kind: 'all' } })
    await world.inTime(() => bob.api['spaces.history']({ spaceId }), { kind: 'all' })
    const channelId = await plans(bob, [alice])
    await world.talks(bob, channelId, 'before Carol', [alice])
    await bob.api['channels.addMember']({ channelId, memberId: world.idOf(carol) })
    await world.inTime(() => world.heard(carol, channelId), ['before Carol'])
    const { membersOf, may } = await world.channel(bob, 'plans')
    expect(may.history).toBe(true)
    expect((await world.channel(alice, 'plans')).may.history).toBe(false)
    await expect(alice.api['spaces.setHistory']({ spaceId: membersOf, history: { kind: 'none' } })).rejects.toMatchObject({
      code: 'not-permitted',
    })
    await bob.api['spaces.setHistory']({ spaceId: membersOf, history: { kind: 'none' } })
    expect(await bob.api['spaces.history']({ spaceId })).toEqual({ kind: 'all' })
    await bob.api['channels.addMember']({ channelId, memberId: world.idOf(dave) })
    await world.inTime(() => world.sees(dave), ['plans (private)'])
    await world.talks(bob, channelId, 'with Dave', [alice, carol, dave])
    expect(world.heard(dave, channelId)).toEqual(['with Dave'])
  })

  it('deleting is for this device, and how long to keep is said of it alone', async () => {
    const channelId = await plans(alice, [bob])
    const { messageId } = await world.talks(alice, channelId, 'delete me', [bob])
    await bob.api['messages.deleteForMe']({ messageId })
    expect(world.heard(bob, channelId)).toEqual([])
    expect(world.heard(alice, channelId)).toEqual(['delete me'])
    expect(await bob.api['channels.setKeepDays']({ channelId, keepDays: 7 })).toMatchObject({ keepDays: 7, kind: 'private' })
    expect((await world.channel(alice, 'plans')).keepDays).toBeNull()
  })

  it('a device that is restored from an older copy reads, and writes again once it has fresh keys there', async () => {
    const channelId = await plans(alice, [bob, carol])
    await world.talks(bob, channelId, 'before the copy', [alice, carol])
    await bob.stop()
    const copy = storeOf(bob).copy()
    await bob.restart()
    world.town.hub.retryAll()
    await world.talks(bob, channelId, 'after the copy', [alice, carol])
    await world.away(alice)
    await world.away(carol)
    await startFromCopy(bob, copy)
    expect(await world.channel(bob, 'plans')).toMatchObject({ returning: true, astray: false })
    await expect(world.say(bob, channelId, 'too early')).rejects.toMatchObject({ code: 'returning' })
    await world.back(alice)
    await world.back(carol)
    await world.inTime(async () => (await world.channel(bob, 'plans')).returning, false)
    await world.inTime(() => world.heard(bob, channelId), ['before the copy', 'after the copy'])
    await world.talks(bob, channelId, 'here again', [alice, carol])
    await world.talks(alice, channelId, 'good', [bob, carol])
  })

  it('a device that is restored from a copy of before the channel comes back to it', async () => {
    await bob.stop()
    const copy = storeOf(bob).copy()
    await bob.restart()
    world.town.hub.retryAll()
    const channelId = await plans(alice, [bob])
    await world.talks(bob, channelId, 'hello', [alice])
    await startFromCopy(bob, copy)
    expect(await world.sees(bob)).toEqual([])
    await world.inTime(() => world.sees(bob), ['plans (private)'], 500)
    await world.talks(alice, channelId, 'there you are', [bob])
    await world.talks(bob, channelId, 'back', [alice])
  })

  it('a device is let in again by hand, there alone', async () => {
    const channelId = await plans(alice, [bob])
    const { membersOf } = await world.channel(bob, 'plans')
    await bob.api['spaces.repair']({ spaceId: membersOf })
    const [space] = await bob.api['spaces.list']({})
    expect(space).toMatchObject({ astray: false, returning: false })
    await world.inTime(async () => (await world.channel(bob, 'plans')).astray, false)
    await world.talks(bob, channelId, 'repaired', [alice])
  })

  it('nothing is left under a space that was left, though the process died before all of it was', async () => {
    const channelId = await plans(bob, [carol])
    const spaceGroup = world.space.spaceId as string as GroupId
    await world.away(carol)
    await makeLeaveOffer(bob.messenger.group(spaceGroup))
    await bob.restart()
    world.town.hub.retryAll()
    await world.inTime(() => bob.store.groups.list(), [])
    expect(bob.store.directory.spaces()).toEqual([])
    expect(bob.store.settings.get(`left-under/${spaceGroup}`)).toBeNull()
    await world.back(carol)
    await world.inTime(() => world.members(carol, channelId), ['Carol owner'])
  })

  it('what is left of it goes with a space that was left, where one was removed from the channel before', async () => {
    await plans(alice, [bob])
    await alice.api['channels.removeMember']({ channelId: (await world.channel(alice, 'plans')).channelId, memberId: world.idOf(bob) })
    await world.inTime(() => world.sees(bob), ['plans (private, removed)'])
    await bob.api['spaces.leave']({ spaceId: world.space.spaceId })
    await world.inTime(() => bob.store.groups.list(), [])
    expect(bob.store.directory.spaces()).toEqual([])
  })

  it('what is left of it is deleted by whoever was removed, and the space stays', async () => {
    const channelId = await plans(alice, [bob])
    await world.talks(alice, channelId, 'hello', [bob])
    await alice.api['channels.removeMember']({ channelId, memberId: world.idOf(bob) })
    await world.inTime(() => world.sees(bob), ['plans (private, removed)'])
    await bob.api['spaces.forget']({ spaceId: (await world.channel(bob, 'plans')).membersOf })
    await world.inTime(() => world.sees(bob), [])
    await world.inTime(() => bob.store.groups.list().length, 1)
    expect(world.heard(bob, channelId)).toEqual([])
    // That it was there is known for a while, lest somebody call it back (P6), and goes with the space.
    const mark = () => bob.store.settings.get(`left-under/${world.space.spaceId}`)
    expect(mark()).not.toBeNull()
    await bob.api['spaces.leave']({ spaceId: world.space.spaceId })
    await world.inTime(() => bob.store.groups.list(), [])
    expect(mark()).toBeNull()
  })
})
