import { afterEach, describe, expect, it } from 'vitest'
import type { Channel, HistoryPolicy } from '../../../shared/domain/models.ts'
import { noteJoined, noteReturned } from '../../node/views/before.ts'
import { spaceView } from '../../node/views/views.ts'
import { general, SPACE } from '../fixtures/group-world.ts'
import { groupOf, joinBy, inTime as inTimeIn, makeTown, say, spaceOf } from '../fixtures/town.ts'
import type { Resident, Town } from '../fixtures/town.ts'
import { makePrivateWorld } from '../private/private-world.ts'
import { makeReturningWorld, returnBy } from '../returning/returning-world.ts'
import { tempDir } from '../temp-dir.ts'

/** What the window may say of what came before the oldest message that it has. */
const towns: Town[] = []
afterEach(async () => {
  for (const town of towns.splice(0)) await town.end()
})

const before = async (resident: Resident): Promise<Record<string, Channel['before']>> =>
  Object.fromEntries(((await spaceOf(resident))?.channels ?? []).map((channel) => [channel.name, channel.before]))

async function makeFriends(history: HistoryPolicy = { kind: 'none' }) {
  const town = await makeTown('before')
  towns.push(town)
  const [alice, bob] = [await town.arrive('Alice'), await town.arrive('Bob')]
  const space = await alice.api['spaces.create']({ name: 'Friends' })
  await alice.api['spaces.setHistory']({ spaceId: space.spaceId, history })
  await say(alice, 'one')
  const inTime = (what: () => unknown, expected: unknown) => inTimeIn(town, what, expected, 50)
  return { town, alice, bob, space, inTime }
}

describe('before the oldest message of an open channel', () => {
  it('there is nothing for whoever made it, nor for who was in the space first', async () => {
    const { alice, bob, space, inTime } = await makeFriends()
    await joinBy(alice, space, bob)
    await alice.api['channels.create']({ spaceId: space.spaceId, name: 'later', kind: 'open', members: [] })
    await inTime(() => before(bob), { general: 'joined', later: 'nothing' })
    expect(await before(alice)).toEqual({ general: 'nothing', later: 'nothing' })
    await bob.restart()
    expect(await before(bob)).toEqual({ general: 'joined', later: 'nothing' })
  })

  it('there may be more than members gave', async () => {
    const { alice, bob, space, inTime } = await makeFriends({ kind: 'all' })
    await alice.api['channels.create']({ spaceId: space.spaceId, name: 'quiet', kind: 'open', members: [] })
    await joinBy(alice, space, bob)
    await inTime(() => before(bob), { general: 'given', quiet: 'joined' })
    expect(bob.events.findLast(({ event }) => event === 'spaces.changed')).toMatchObject({
      data: [{ channels: [{ name: 'general', before: 'given' }, { name: 'quiet' }] }],
    })
  })

  it('is not known to who joined when that was not noted', async () => {
    const { alice, bob, space } = await makeFriends()
    await joinBy(alice, space, bob)
    const { channelId } = (await spaceOf(bob))?.channels[0] ?? {}
    bob.store.transaction((tx) => {
      tx.settings.delete(`channels-noted/${groupOf(bob)}`)
      tx.settings.delete(`channel-before/${channelId}`)
    })
    expect(await before(bob)).toEqual({ general: 'unknown' })
  })

  it('is forgotten with the space', async () => {
    const { alice, bob, space, inTime } = await makeFriends()
    await joinBy(alice, space, bob)
    const groupId = groupOf(bob)
    const { channelId } = (await spaceOf(bob))?.channels[0] ?? {}
    const kept = () => [`channels-noted/${groupId}`, `channel-before/${channelId}`].map((key) => bob.store.settings.get(key) !== null)
    expect(kept()).toEqual([true, true])
    await bob.api['spaces.leave']({ spaceId: space.spaceId })
    await inTime(kept, [false, false])
  })

  it('is not known where a channel was made while this device could not follow, from the step on in which it comes back', async () => {
    const folder = tempDir()
    const world = await makeReturningWorld('before', folder.dir)
    const ann = await world.found('Ann')
    const bob = await world.join(ann, 'Bob')
    bob.store.transaction((tx) => noteJoined(tx, SPACE))
    const copy = world.copy(bob)
    await ann.addChannel('meanwhile')
    world.putBack(bob, copy)
    const known = new Set([general(bob)])
    const dies = () => {
      throw new Error('it died here')
    }
    await expect(returnBy(bob, ann, { also: dies })).rejects.toThrow('it died here')
    const seen = () => spaceView(bob.store, SPACE)?.channels.map((channel) => channel.before)
    expect([bob.group.tip.row.returning, seen()]).toEqual([true, ['joined']])
    await returnBy(bob, ann, { also: (tx) => noteReturned(tx, SPACE, known) })
    expect([bob.group.tip.row.returning, seen()]).toEqual([false, ['joined', 'unknown']])
    for (const device of [ann, bob]) world.storeOf(device).close()
    folder.remove()
  })
})

describe('before the oldest message of what is under a space', () => {
  it('there is nothing in a conversation of two, for both', async () => {
    const world = await makePrivateWorld('before a conversation')
    towns.push(world.town)
    const { alice, bob } = world
    await alice.api['channels.direct']({ spaceId: world.space.spaceId, memberId: world.idOf(bob) })
    await world.inTime(() => world.sees(bob), ['Alice (direct)'])
    expect([(await world.channel(alice, 'Bob')).before, (await world.channel(bob, 'Alice')).before]).toEqual(['nothing', 'nothing'])
  })

  it('there may be what was written before one was added to a private channel', async () => {
    const world = await makePrivateWorld('before a private channel')
    towns.push(world.town)
    const { alice, bob } = world
    await world.make(alice, 'plans', [bob])
    await world.inTime(() => world.sees(bob), ['plans (private)'])
    expect([(await world.channel(alice, 'plans')).before, (await world.channel(bob, 'plans')).before]).toEqual(['nothing', 'joined'])
  })
})
