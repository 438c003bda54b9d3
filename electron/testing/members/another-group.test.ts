import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Space } from '../../../shared/domain/models.ts'
import { createLocalIdentity, encodeLocalIdentity } from '../../identity/index.ts'
import { loadGroup, enterGroup } from '../../sync/group/found-group.ts'
import { recognitionKey } from '../../sync/policy/recognition-key.ts'
import { encodeSettings } from '../../sync/policy/settings.ts'
import { away, channelOf, groupOf, heard, inTime as inTimeOf, joinBy, makeTown, namesIn, say, selfOf, spaceOf } from '../fixtures/town.ts'
import type { Resident, Town } from '../fixtures/town.ts'

/** SPEC.md R8. Ann removes Bob, and somebody who knows the ids in the space makes another group of them, and invites him there. */
let town: Town
let ann: Resident
let bob: Resident
let mallory: Resident
let space: Space

const inTime = (what: () => unknown, expected: unknown) => inTimeOf(town, what, expected, 500)
const statusOf = async (resident: Resident) => (await spaceOf(resident))?.status.kind
const joinState = async () => (await bob.api['joins.list']({})).at(-1)?.state
const wish = { role: 'member', maxUses: null, expiresInMs: 3_600_000 } as const

beforeEach(async () => {
  town = await makeTown('another group')
  ;[ann, bob, mallory] = [await town.arrive('Ann'), await town.arrive('Bob'), await town.arrive('Mallory')]
  space = await ann.api['spaces.create']({ name: 'Friends' })
  await joinBy(ann, space, bob)
  await inTime(() => namesIn(space, bob), ['Ann', 'Bob'])
  await say(ann, 'among us')
  await inTime(() => heard(bob), ['among us'])
  await ann.api['members.remove']({ spaceId: space.spaceId, memberId: selfOf(bob) })
  await inTime(() => statusOf(bob), 'removed')
})
afterEach(() => town.end())

/** In which all that was said before is for newcomers. Answers a link to it. */
async function imitate(earlierKeys: readonly Uint8Array[]): Promise<string> {
  const { groupDeps } = mallory.messenger
  const { engine, random, clock } = groupDeps
  const groupId = groupOf(bob)
  const identity = createLocalIdentity(groupId, 'Ann', random)
  const settings = encodeSettings({
    ...{ kind: 'space', name: 'Friends', createdAt: clock.now(), presenceKey: random.bytes(32), earlierKeys },
    channels: [{ channelId: channelOf(bob), name: 'general', kind: 'open' }],
    roles: new Map([[identity.memberId, 'owner']]),
    ...{ invitations: [], admission: null, history: { kind: 'all' } },
  })
  const state = await engine.create({ groupId, self: identity, settings })
  mallory.messenger.added(await enterGroup(groupDeps, state, encodeLocalIdentity(identity), () => undefined))
  return (await mallory.api['invitations.create']({ ...wish, spaceId: space.spaceId })).link ?? ''
}

it('nobody comes back to a group that does not go on from the space; what is here stays as it is', async () => {
  await bob.api['joins.start']({ link: await imitate([]) })
  await inTime(async () => (await joinState())?.kind, 'refused')
  expect(await joinState()).toMatchObject({ code: 'invitation-wrong-space' })
  expect(await statusOf(bob)).toBe('removed')
  expect(bob.store.groups.list()).toMatchObject([{ returning: false }])
  await mallory.stop()
  expect((await joinBy(ann, space, bob)).state.kind).toBe('done')
  await inTime(() => namesIn(space, ann), ['Ann', 'Bob'])
})

it('nothing of what was said in the space is told to anybody there by who is led there all the same', async () => {
  const row = bob.store.groups.get(groupOf(bob))
  const key = row && loadGroup(bob.messenger.groupDeps, row).tip.settings.presenceKey
  await bob.api['joins.start']({ link: await imitate(key === null ? [] : [recognitionKey(key)]) })
  await inTime(async () => (await joinState())?.kind, 'done')
  await inTime(() => namesIn(space, mallory), ['Ann', 'Bob'])
  const asking = { groupId: groupOf(bob), after: null }
  const answer = async () => (await mallory.messenger.network.askHistory(bob.peerId, asking, AbortSignal.timeout(1_000))).kind
  await inTime(() => answer().catch(() => 'unproven'), 'page')
  const given = await mallory.messenger.network.askHistory(bob.peerId, asking, AbortSignal.timeout(1_000))
  expect(given).toMatchObject({ messages: [] })
})

it('whoever came in between may let somebody in again', async () => {
  const eve = await town.arrive('Eve')
  await joinBy(ann, space, eve)
  await ann.api['members.setRole']({ spaceId: space.spaceId, memberId: selfOf(eve), role: 'admin' })
  await inTime(async () => (await spaceOf(eve))?.role, 'admin')
  await away(town, ann)
  expect((await joinBy(eve, space, bob)).state.kind).toBe('done')
  await inTime(() => namesIn(space, eve), ['Ann', 'Bob', 'Eve'])
})
