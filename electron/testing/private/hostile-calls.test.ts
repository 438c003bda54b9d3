import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChannelId, GroupId } from '../../../shared/domain/ids.ts'
import { decodeLocalIdentity, leafForGroup } from '../../identity/index.ts'
import { foundUnder } from '../../sync/group/found-group.ts'
import { markAstray } from '../../sync/returning/astray.ts'
import { scopeUnder } from '../../sync/under/stock.ts'
import { putWanted } from '../../sync/under/wanted.ts'
import type { Resident } from '../fixtures/town.ts'
import { makePrivateWorld } from './private-world.ts'
import type { PrivateWorld } from './private-world.ts'

let world: PrivateWorld
let alice: Resident
let bob: Resident
let carol: Resident

beforeEach(async () => {
  world = await makePrivateWorld('hostile calls')
  ;({ alice, bob, carol } = world)
})
afterEach(() => world.town.end())

const under = (): GroupId => world.space.spaceId as string as GroupId

/** A group of that id and name which is another one, and Carol is to be in it. */
async function imitate(by: Resident, groupId: GroupId, channelId: ChannelId): Promise<void> {
  const encoded = by.store.identities.get(under())
  if (encoded === null) throw new Error('a member has an identity')
  const { random } = by.messenger.deps
  const group = await foundUnder(
    by.messenger.groupDeps,
    {
      ...{ groupId, parent: under() },
      settings: { kind: 'private', name: 'plans', channels: [{ channelId, name: 'plans', kind: 'private' }], history: { kind: 'none' } },
      identity: leafForGroup(decodeLocalIdentity(encoded), scopeUnder(under()), random),
    },
    (tx) => putWanted(tx, groupId, [world.idOf(carol)]),
  )
  by.messenger.added(group)
}

describe('a call from whoever is not in the channel', () => {
  it('brings nobody who goes astray there into another group of that id', async () => {
    const channelId = await world.make(alice, 'plans', [bob, carol])
    for (const one of [bob, carol]) await world.inTime(() => world.sees(one), ['plans (private)'])
    const { membersOf } = await world.channel(alice, 'plans')
    const groupId = membersOf as string as GroupId
    await alice.api['channels.removeMember']({ channelId, memberId: world.idOf(bob) })
    await world.inTime(() => world.sees(bob), ['plans (private, removed)'])
    await world.inTime(() => world.members(carol, channelId), ['Alice owner', 'Carol member'])
    await bob.api['spaces.forget']({ spaceId: membersOf })
    await world.inTime(() => bob.store.groups.get(groupId), null)
    await world.away(alice)
    await markAstray(carol.messenger.group(groupId))
    await imitate(bob, groupId, channelId)
    await world.inTime(() => world.members(bob, channelId), ['Bob owner', 'Carol member'])
    for (let i = 0; i < 100; i++) {
      world.town.clock.advance(500)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await world.members(carol, channelId)).toEqual(['Alice owner', 'Carol member'])
    await bob.stop()
    await world.back(alice)
    await world.inTime(async () => (await world.channel(carol, 'plans')).astray, false)
    await world.talks(carol, channelId, 'among us', [alice])
  })

  it('puts nobody into more groups than there is room for', async () => {
    carol.store.transaction((tx) => {
      for (let i = 0; i < 500; i++) {
        const groupId = carol.messenger.deps.random.id<GroupId>()
        tx.directory.replace({ groupId, kind: 'private', parent: under(), name: 'x', createdAt: i }, [], [])
      }
    })
    await world.make(alice, 'one more', [carol, bob])
    await world.inTime(() => world.sees(bob), ['one more (private)'])
    for (let i = 0; i < 100; i++) {
      world.town.clock.advance(100)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(carol.store.groups.list()).toHaveLength(1)
  })
})
