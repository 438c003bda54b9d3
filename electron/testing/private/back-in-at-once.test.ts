import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ChannelId, GroupId } from '../../../shared/domain/ids.ts'
import { readEnded } from '../../sync/members/ended.ts'
import type { Resident } from '../fixtures/town.ts'
import { makePrivateWorld } from './private-world.ts'
import type { PrivateWorld } from './private-world.ts'

/** SPEC.md P8. Alice removes Bob from a private channel, and takes him in again. */
let world: PrivateWorld
let alice: Resident
let bob: Resident
let carol: Resident
let channelId: ChannelId
let groupId: GroupId

beforeEach(async () => {
  world = await makePrivateWorld('back in')
  ;({ alice, bob, carol } = world)
  channelId = await world.make(alice, 'plans', [bob, carol])
  for (const one of [bob, carol]) await world.inTime(() => world.sees(one), ['plans (private)'])
  groupId = (await world.channel(alice, 'plans')).membersOf as string as GroupId
  await alice.api['channels.removeMember']({ channelId, memberId: world.idOf(bob) })
  await world.inTime(() => world.sees(bob), ['plans (private, removed)'])
})
afterEach(() => world.town.end())

it('is in again also if the process dies right after', async () => {
  const { store } = bob
  const whole = store.transaction
  let isDead = false
  store.transaction = (work) =>
    whole((tx) => {
      const wasOut = readEnded(tx, groupId) !== null
      const value = work(tx)
      if (isDead) throw new Error('the process is dead')
      isDead = wasOut && readEnded(tx, groupId) === null
      return value
    })
  await alice.api['channels.addMember']({ channelId, memberId: world.idOf(bob) })
  await world.inTime(() => isDead, true)
  await bob.stop()
  store.transaction = whole
  await bob.restart()
  await world.inTime(() => world.sees(bob), ['plans (private)'])
  await world.talks(alice, channelId, 'again', [bob, carol])
})

it('a Welcome that does not open changes nothing', async () => {
  const from = { groupId: world.space.spaceId as string as GroupId, memberId: world.idOf(carol) }
  const call = { group: groupId, leafKey: new Uint8Array(32), welcome: new Uint8Array(99), commits: [] }
  await bob.handlers.onWelcome(from, { kind: 'call', groupId: from.groupId, call })
  expect([readEnded(bob.store, groupId)?.kind, bob.store.groups.get(groupId)?.returning]).toEqual(['removed', false])
})
