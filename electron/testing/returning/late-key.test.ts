import { afterEach, beforeEach, expect, it } from 'vitest'
import { receiveObjects } from '../../sync/group/receive/receive-objects.ts'
import { away, back, groupOf, inTime, joinBy, makeTown, say, selfOf } from '../fixtures/town.ts'
import type { Town } from '../fixtures/town.ts'

/** SPEC.md D5. A removal renews the key by which members recognise each other; who came in after one that lost knows no other key. */
let town: Town

beforeEach(async () => {
  town = await makeTown('late key')
})
afterEach(() => town.end())

it('who knows only the key of a branch that lost is recognised once that branch is known, though both were connected before', async () => {
  const [ann, bob, carol] = [await town.arrive('Ann'), await town.arrive('Bob'), await town.arrive('Carol')]
  const [dave, erin] = [await town.arrive('Dave'), await town.arrive('Erin')]
  const space = await ann.api['spaces.create']({ name: 'Friends' })
  const { spaceId } = space
  for (const guest of [bob, carol, erin]) await joinBy(ann, space, guest)
  await ann.api['members.setRole']({ spaceId, memberId: selfOf(bob), role: 'admin' })
  const roleOfBob = async () => (await bob.api['spaces.list']({}))[0]?.role
  await inTime(town, roleOfBob, 'admin')

  await away(town, ann, carol, erin)
  await bob.api['members.remove']({ spaceId, memberId: selfOf(carol) })
  await joinBy(bob, space, dave)
  const aside = bob.store.objects.since(groupOf(bob), 0, null, 1_000)
  await away(town, bob, dave)

  await back(town, ann)
  await ann.api['channels.create']({ spaceId, name: 'by-ann', kind: 'open' })
  await back(town, erin)
  await say(erin, 'with Ann')
  const isShared = () => ann.messenger.network.sessions().some(({ peerId, shared }) => peerId === dave.peerId && shared.length > 0)
  await back(town, dave)
  const began = town.clock.now()
  await inTime(town, () => town.clock.now() > began + 120_000, true)
  expect(isShared()).toBe(false)

  await receiveObjects(ann.messenger.group(groupOf(ann)), aside)
  await inTime(town, isShared, true)
  await inTime(town, async () => (await dave.api['spaces.list']({}))[0]?.astray, true)
})
