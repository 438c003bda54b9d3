import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Eid, MemberId } from '../../../shared/domain/ids.ts'
import type { Space } from '../../../shared/domain/models.ts'
import { UNPROVEN } from '../../sync/group/membership.ts'
import {
  away,
  back,
  channelOf,
  eventually,
  groupOf,
  heard,
  inTime as inTimeOf,
  joinBy,
  makeTown,
  say,
  selfOf,
  stateOf,
} from '../fixtures/town.ts'
import type { Resident, Town } from '../fixtures/town.ts'

/** SPEC.md T8. Whole messengers with real MLS: Bob removes Carol, and Ann, who is above Bob, removes Bob, neither knowing of the other. */
let town: Town
let ann: Resident
let bob: Resident
let carol: Resident
let dave: Resident
let space: Space

const DAY = 24 * 3_600_000
const members = async (resident: Resident) =>
  (await resident.api['members.list']({ spaceId: space.spaceId })).map((m) => m.name).toSorted((a, b) => a.localeCompare(b))
const statusOf = async (resident: Resident) => (await resident.api['spaces.list']({}))[0]?.status.kind
const inTime = (what: () => unknown, expected: unknown, step = 50) => inTimeOf(town, what, expected, step)
const talks = async (from: Resident, text: string, to: readonly Resident[]) => {
  const message = await say(from, text)
  for (const one of to) await inTime(() => heard(one).includes(text), true)
  await inTime(() => stateOf(from, message), 'delivered')
}
const tip = (resident: Resident) => resident.store.groups.get(groupOf(ann))?.tip
const remove = (by: Resident, whom: MemberId) => by.api['members.remove']({ spaceId: space.spaceId, memberId: whom })

beforeEach(async () => {
  town = await makeTown('listening')
  ;[ann, bob, carol] = [await town.arrive('Ann'), await town.arrive('Bob'), await town.arrive('Carol')]
  dave = await town.arrive('Dave')
  space = await ann.api['spaces.create']({ name: 'Friends' })
  for (const guest of [bob, carol, dave]) await joinBy(ann, space, guest)
  await ann.api['members.setRole']({ spaceId: space.spaceId, memberId: selfOf(bob), role: 'admin' })
  await talks(ann, 'hello', [bob, carol, dave])
  await inTime(() => [bob, carol, dave].map((one) => tip(one) === tip(ann)), [true, true, true])
})
afterEach(() => town.end())

/** Ann and Dave are away; Bob removes Carol, who hears of it. Then Ann, alone, removes Bob. */
async function twoRemovals(): Promise<void> {
  await away(town, ann)
  await away(town, dave)
  await remove(bob, selfOf(carol))
  await inTime(() => statusOf(carol), 'removed')
  await away(town, bob)
  await away(town, carol)
  await back(town, ann)
  await remove(ann, selfOf(bob))
  await away(town, ann)
}

it('a member who alone knows of its removal brings what led to it, too', async () => {
  await away(town, ann, dave)
  await bob.api['spaces.rename']({ spaceId: space.spaceId, name: 'Old friends' })
  await inTime(() => tip(carol) === tip(bob), true)
  await remove(bob, selfOf(carol))
  await inTime(() => statusOf(carol), 'removed')
  await away(town, bob, carol)
  for (const one of [ann, dave, carol]) await back(town, one)
  for (const one of [ann, dave]) await inTime(() => members(one), ['Ann', 'Bob', 'Dave'])
  expect((await ann.api['spaces.list']({}))[0]?.name).toBe('Old friends')
})

describe('a member removed by somebody who is removed at the same time by somebody above both', () => {
  it('is shown as removed at once, and is in again when it hears of the other removal', async () => {
    await twoRemovals()
    await back(town, carol)
    expect(await statusOf(carol)).toBe('removed')
    await expect(say(carol, 'let me in')).rejects.toMatchObject({ code: 'not-member' })
    carol.events.length = 0
    await back(town, ann)
    await inTime(() => statusOf(carol), 'member')
    expect(carol.events.map(({ event }) => event)).toEqual(expect.arrayContaining(['spaces.changed', 'members.changed']))
    await back(town, dave)
    await back(town, bob)
    await inTime(() => statusOf(bob), 'removed')
    for (const one of [ann, carol, dave]) await inTime(() => members(one), ['Ann', 'Carol', 'Dave'])
    await inTime(() => [carol, dave].map((one) => tip(one) === tip(ann)), [true, true])
    await talks(ann, 'Ann here', [carol, dave])
    await talks(carol, 'Carol here', [ann, dave])
    await talks(dave, 'Dave here', [ann, carol])
    expect(heard(bob)).toEqual(['hello'])
  })

  it('whose device was on all the time, and what was written to it meanwhile comes', async () => {
    await away(town, ann)
    await remove(bob, selfOf(carol))
    await inTime(() => statusOf(carol), 'removed')
    await inTime(() => members(dave), ['Ann', 'Bob', 'Dave'])
    await away(town, bob)
    await away(town, dave)
    town.hub.partition(carol.peerId, ann.peerId)
    await back(town, ann)
    await remove(ann, selfOf(bob))
    await say(ann, 'for Carol and Dave')
    town.hub.heal(carol.peerId, ann.peerId)
    await inTime(() => statusOf(carol), 'member')
    await back(town, dave)
    for (const one of [carol, dave]) await inTime(() => heard(one), ['hello', 'for Carol and Dave'])
    await talks(carol, 'thank you', [ann, dave])
    await inTime(() => members(dave), ['Ann', 'Carol', 'Dave'])
  })

  it('is in again also if it restarts between hearing of that and the choice', async () => {
    await twoRemovals()
    await back(town, carol)
    await back(town, ann)
    // Time stands still: so the choice is not made yet.
    await eventually(() => carol.store.commits.outOf(groupOf(carol), tip(carol) as Eid).length, 2)
    await away(town, ann)
    await away(town, carol)
    expect(carol.store.settings.get(`group-ended/${space.spaceId}`)).not.toBeNull()
    await back(town, carol)
    await inTime(() => statusOf(carol), 'member')
    await back(town, ann)
    await back(town, dave)
    await talks(carol, 'here again', [ann, dave])
  })

  it('stays out and takes in nothing more where it has deleted the space, also while it hears of that', async () => {
    await twoRemovals()
    await back(town, carol)
    await carol.api['spaces.forget']({ spaceId: space.spaceId })
    await inTime(() => carol.store.groups.list(), [])
    await back(town, ann)
    await inTime(() => ann.messenger.network.sessions().filter(({ state }) => state === 'ready').length, 1)
    for (let i = 0; i < 20; i += 1) await inTime(() => carol.store.groups.list(), [], 500)
    expect(await carol.api['spaces.list']({})).toEqual([])
    expect(carol.store.settings.get(`group-ended/${space.spaceId}`)).toBeNull()
  })
})

describe('a member who was removed', () => {
  it('listens, and is told nothing but commits: no message, no address, and nobody asks it who is a member', async () => {
    await remove(ann, selfOf(carol))
    await inTime(() => statusOf(carol), 'removed')
    const before = carol.store.objects.since(groupOf(ann), 0, null, 1_000).length
    await talks(ann, 'without Carol', [bob, dave])
    await ann.api['channels.create']({ spaceId: space.spaceId, name: 'music', kind: 'open' })
    await talks(dave, 'indeed', [ann, bob])
    expect(heard(carol)).toEqual(['hello'])
    expect(carol.store.objects.since(groupOf(ann), 0, null, 1_000)).toHaveLength(before)
    expect(carol.messenger.connection().peers.flatMap((peer) => peer.members)).toEqual([])
    const shared = { groupId: groupOf(ann), memberId: UNPROVEN }
    expect(await carol.handlers.onHints(shared, [])).toEqual([])
    expect(await carol.handlers.onHistory(shared, { groupId: groupOf(ann), after: null })).toEqual({ kind: 'none' })
    expect(await statusOf(carol)).toBe('removed')
  })

  it('listens for as long as forks can be followed, and no longer', async () => {
    await twoRemovals()
    town.clock.advance(31 * DAY)
    await back(town, carol)
    await back(town, ann)
    for (let i = 0; i < 20; i += 1) await inTime(() => statusOf(carol), 'removed', 500)
    expect(channelOf(carol)).toBe(channelOf(ann))
  })
})
