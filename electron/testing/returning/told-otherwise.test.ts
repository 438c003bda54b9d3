import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Eid } from '../../../shared/domain/ids.ts'
import type { Space } from '../../../shared/domain/models.ts'
import { away, back, groupOf, inTime as inTimeOf, joinBy, makeTown, namesIn, say, selfOf, spaceOf } from '../fixtures/town.ts'
import type { Resident, Town } from '../fixtures/town.ts'

/** SPEC.md R2. Ann, who is above Bob, removes him while he removes Carol: that fell, and whoever Carol meets says what helps them. */
let town: Town
let ann: Resident
let bob: Resident
let carol: Resident
let space: Space

const inTime = (what: () => unknown, expected: unknown) => inTimeOf(town, what, expected, 500)
const members = (resident: Resident) => namesIn(space, resident)

beforeEach(async () => {
  town = await makeTown('told otherwise')
  ;[ann, bob, carol] = [await town.arrive('Ann'), await town.arrive('Bob'), await town.arrive('Carol')]
  space = await ann.api['spaces.create']({ name: 'Friends' })
  for (const guest of [bob, carol]) await joinBy(ann, space, guest)
  const { spaceId } = space
  await ann.api['members.setRole']({ spaceId, memberId: selfOf(bob), role: 'admin' })
  await inTime(async () => (await spaceOf(bob))?.role, 'admin')
  await away(town, bob, carol)
  await ann.api['members.remove']({ spaceId, memberId: selfOf(bob) })
  await away(town, ann)
  await back(town, bob)
  await bob.api['members.remove']({ spaceId, memberId: selfOf(carol) })
  await away(town, bob)
  await back(town, ann)
  await back(town, carol)
  await inTime(() => members(carol), ['Ann', 'Carol'])
  await back(town, bob)
  await inTime(async () => (await spaceOf(bob))?.status.kind, 'removed')
  await inTime(() => carol.store.commits.of(groupOf(carol)).some(({ removes }) => removes.includes(selfOf(carol))), true)
})
afterEach(() => town.end())

/** Bob says that he is where Carol cannot follow, and that she is no member there. */
async function bobLies(): Promise<{ asked: number }> {
  const lies = { asked: 0 }
  const nowhere = '00'.repeat(16) as Eid
  const lie = { groupId: groupOf(carol), eid: nowhere, epoch: 99, joinedEpoch: 99, known: [nowhere], roots: [nowhere], senders: [] }
  bob.handlers.onFrontier = () => Promise.resolve(lie)
  bob.handlers.onReturn = () => {
    lies.asked += 1
    return Promise.resolve({ kind: 'refused', code: 'not-member' })
  }
  const { network } = bob.messenger
  network.setWanted([{ peerId: carol.peerId, addresses: [] }])
  await inTime(() => network.sessions().some(({ peerId, state }) => peerId === carol.peerId && state === 'ready'), true)
  await network.frontier(carol.peerId, lie, AbortSignal.timeout(5_000))
  return lies
}

it('nobody is out by a removal that fell, whoever says so and however often', async () => {
  await away(town, ann)
  const lies = await bobLies()
  await carol.api['spaces.repair']({ spaceId: space.spaceId })
  expect((await spaceOf(carol))?.astray).toBe(true)
  await inTime(async () => lies.asked > 20 || (await spaceOf(carol))?.status.kind === 'removed', true)
  expect((await spaceOf(carol))?.status.kind).not.toBe('removed')
  await back(town, ann)
  await inTime(async () => (await spaceOf(carol))?.astray, false)
  await say(carol, 'still here')
})
