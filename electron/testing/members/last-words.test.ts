import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MemberId, ObjectId, PeerId } from '../../../shared/domain/ids.ts'
import type { Space } from '../../../shared/domain/models.ts'
import { AppError } from '../../kernel/errors.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { LastWords } from '../../node/leaving/last-words.ts'
import type { Network } from '../../ports/network.ts'
import type { ObjectAck, PeerAddress } from '../../ports/wire.ts'
import { loadGroup } from '../../sync/group/found-group.ts'
import { keepClaim } from '../../sync/intents/left-claims.ts'
import { putEnded, readEnded } from '../../sync/members/ended.ts'
import { UNPROVEN } from '../../sync/group/membership.ts'
import { putSaid } from '../../sync/members/said.ts'
import { wayOut } from '../../sync/members/way-out.ts'
import { away, back, groupOf, inTime as inTimeOf, joinBy, makeTown, namesIn, selfOf, spaceOf } from '../fixtures/town.ts'
import type { Resident, Town } from '../fixtures/town.ts'

/** SPEC.md T6, T8. Bob sees Carol off, and Ann, who is away and hears nothing of it, removes Bob. Nobody but Bob can tell her that Carol left. */
let town: Town
let ann: Resident
let bob: Resident
let space: Space
let gone: MemberId

const inTime = (what: () => unknown, expected: unknown) => inTimeOf(town, what, expected, 100)
const members = (resident: Resident) => namesIn(space, resident)
const statusOf = async (resident: Resident) => (await resident.api['spaces.list']({}))[0]?.status.kind

const wordsOf = (network: Pick<Network, 'push' | 'askLeave' | 'sessions'>) => {
  const { store, messenger } = bob
  return new LastWords({ network, store, clock: town.clock, peerBook: messenger.peerBook, logger: silentLogger, said: () => undefined })
}

beforeEach(async () => {
  town = await makeTown('last words')
  ;[ann, bob] = [await town.arrive('Ann'), await town.arrive('Bob')]
  const carol = await town.arrive('Carol')
  space = await ann.api['spaces.create']({ name: 'Friends' })
  for (const guest of [bob, carol]) await joinBy(ann, space, guest)
  gone = selfOf(carol)
  await inTime(() => Promise.all([bob, carol].map(members)), Array(2).fill(['Ann', 'Bob', 'Carol']))
  await away(town, ann)
  await carol.api['spaces.leave']({ spaceId: space.spaceId })
  await inTime(() => carol.store.groups.list(), [])
  await away(town, bob, carol)
  await back(town, ann)
  await ann.api['members.remove']({ spaceId: space.spaceId, memberId: selfOf(bob) })
  expect(await members(ann)).toEqual(['Ann', 'Carol'])
})
afterEach(() => town.end())

it('who is removed says before it goes whom it let go', async () => {
  await back(town, bob)
  await inTime(() => statusOf(bob), 'removed')
  await inTime(() => members(ann), ['Ann'])
})

it('and says so later, once, to who asks where it is, if nobody heard it then', async () => {
  await back(town, bob)
  await inTime(() => statusOf(bob), 'removed')
  const row = bob.store.groups.get(groupOf(ann))
  if (row === null) throw new Error('Bob keeps what was said until then')
  const group = loadGroup(bob.messenger.groupDeps, row)
  const brought: number[] = []
  let fails = true
  let ack: ObjectAck = 'unknown-epoch'
  const wanted: (readonly PeerAddress[])[] = []
  const whom: Record<string, MemberId> = { newcomer: UNPROVEN, carol: gone }
  const memberAt = (_: unknown, peerId: PeerId) => whom[peerId] ?? selfOf(ann)
  const peerBook = { memberAt, lookForAll: () => void wanted.push(bob.messenger.peerBook.wanted()) }
  const network: Pick<Network, 'push' | 'askLeave' | 'sessions'> = {
    sessions: () => [],
    askLeave: () => Promise.reject(new AppError('unreachable', 'nobody said anything')),
    push: (_, { groupId, objects }) => {
      if (fails) return Promise.reject(new AppError('unreachable', 'gone'))
      expect(groupId).toBe(groupOf(ann))
      brought.push(objects.length)
      return Promise.resolve(objects.map(() => ack))
    },
  }
  bob.store.transaction((tx) => putEnded(tx, group.groupId, { kind: 'removed', at: town.clock.now(), by: selfOf(ann), unsaid: true }))
  const { store } = bob
  const words = new LastWords({ network, store, clock: town.clock, peerBook, logger: silentLogger, said: () => undefined })
  await words.give(group, 'ann' as PeerId)
  fails = false
  // Who came since could follow none of it, and so it would seem to be said.
  // Nor was who is out itself, as Carol is, to be told.
  for (const peer of ['newcomer', 'carol'] as PeerId[]) await words.give(group, peer)
  expect(brought).toEqual([])
  // She lacks what leads there, and has it when she asks again.
  await words.give(group, 'ann' as PeerId)
  ack = 'stored'
  for (const peer of ['ann', 'ann', 'dave'] as PeerId[]) await words.give(group, peer)
  // The removal, and the commit by which Carol left.
  expect(wayOut(group)).toHaveLength(2)
  expect(brought).toEqual([2, 2, 2])
  expect([readEnded(store, group.groupId)?.unsaid, wanted]).toEqual([undefined, [[]]])
})

/** Until what it answers is called Ann takes nothing that Bob brings, who comes back and hears that he is removed. */
async function unheard(): Promise<() => void> {
  const onPush = ann.handlers.onPush.bind(ann.handlers)
  ann.handlers.onPush = () => Promise.reject(new AppError('unreachable', 'lost'))
  await back(town, bob)
  await inTime(() => statusOf(bob), 'removed')
  return () => (ann.handlers.onPush = onPush)
}

async function passes(ms: number): Promise<void> {
  const until = town.clock.now() + ms
  await inTimeOf(town, () => town.clock.now() > until, true, ms / 60)
  expect(await members(ann)).toEqual(['Ann', 'Carol'])
}

it('and says so again to who did not take it and stays connected', async () => {
  const hears = await unheard()
  await passes(300_000)
  hears()
  await inTime(() => members(ann), ['Ann'])
})

it('and looks for members for that until one has taken it, also after a restart', async () => {
  const hears = await unheard()
  await passes(5_000)
  await away(town, bob)
  hears()
  await back(town, bob)
  expect(bob.messenger.peerBook.wanted().map(({ peerId }) => peerId)).toContain(ann.peerId)
  await inTime(() => members(ann), ['Ann'])
  await inTime(() => bob.messenger.peerBook.wanted(), [])
  expect(await statusOf(bob)).toBe('removed')
})

it('but for no longer than anybody could follow it', async () => {
  await unheard()
  await away(town, bob)
  town.clock.advance(31 * 24 * 3_600_000)
  await back(town, bob)
  expect(bob.messenger.peerBook.wanted()).toEqual([])
})

it('tells each what several said who left, however one of them is put off, and not for ever', async () => {
  const groupId = groupOf(ann)
  const row = bob.store.groups.get(groupId)
  if (row === null) throw new Error('Bob keeps what was said until then')
  const group = loadGroup(bob.messenger.groupDeps, row)
  bob.store.transaction((tx) => putEnded(tx, groupId, { kind: 'removed', at: town.clock.now(), by: selfOf(ann), unsaid: true }))
  for (const n of [1, 2]) {
    const memberId = `${n}`.repeat(32) as MemberId
    const claim = { groupId, memberId, leafKey: new Uint8Array(32).fill(n), signature: new Uint8Array(64) }
    keepClaim(group, claim, `${n}`.repeat(64) as ObjectId)
  }
  const told: (number | undefined)[] = []
  const network: Pick<Network, 'push' | 'askLeave' | 'sessions'> = {
    sessions: () => [],
    push: (_, { objects }) => Promise.resolve(objects.map(() => 'stored' as const)),
    askLeave: (_, { leafKey }) => {
      told.push(leafKey[0])
      return Promise.resolve(leafKey[0] === 1 ? { kind: 'later', afterMs: 1_000 } : { kind: 'done' })
    },
  }
  const words = wordsOf(network)
  for (let times = 0; times < 10; times++) await words.give(group, ann.peerId)
  expect(told).toEqual([1, 2, 1, 1, 1, 1])
  expect(readEnded(bob.store, groupId)?.unsaid).toBeUndefined()
})

it('says that it wants to leave itself until that was heard, however often it is put off', async () => {
  const { store } = bob
  const groupId = groupOf(ann)
  await away(town, ann)
  await back(town, bob)
  await bob.api['spaces.leave']({ spaceId: space.spaceId })
  await away(town, bob)
  const row = store.groups.get(groupId)
  if (row === null) throw new Error('Bob wants to leave')
  const group = loadGroup(bob.messenger.groupDeps, row)
  store.transaction((tx) => putEnded(tx, groupId, { kind: 'removed', at: town.clock.now(), by: selfOf(ann), unsaid: true }))
  let [told, later] = [0, true]
  const network: Pick<Network, 'push' | 'askLeave' | 'sessions'> = {
    sessions: () => [],
    push: (_, { objects }) => Promise.resolve(objects.map(() => 'stored' as const)),
    askLeave: () => ((told += 1), Promise.resolve(later ? { kind: 'later', afterMs: 1_000 } : { kind: 'done' })),
  }
  const words = wordsOf(network)
  for (let times = 0; times < 10; times++) await words.give(group, ann.peerId)
  expect([told, readEnded(store, groupId)]).toMatchObject([10, { kind: 'removed', unsaid: true }])
  later = false
  for (let times = 0; times < 2; times++) await words.give(group, ann.peerId)
  expect([told, readEnded(store, groupId)?.kind]).toEqual([11, 'left'])
})

describe('who was told by somebody who is removed that it is out', () => {
  const removes = (dave: Resident, carol: Resident) => dave.api['members.remove']({ spaceId: space.spaceId, memberId: selfOf(carol) })

  async function leavesWhenRemoved(carol: Resident, dave: Resident) {
    await removes(dave, carol)
    await away(town, dave)
    await back(town, carol)
    await carol.api['spaces.leave']({ spaceId: space.spaceId })
    await back(town, dave)
  }

  /** He does not hear it, and removes her. */
  async function leavesUnheard(carol: Resident, dave: Resident, meanwhile: () => void = () => undefined) {
    const onLeave = dave.handlers.onLeave.bind(dave.handlers)
    dave.handlers.onLeave = () => Promise.reject(new AppError('unreachable', 'lost'))
    await back(town, carol)
    await carol.api['spaces.leave']({ spaceId: space.spaceId })
    await removes(dave, carol)
    await inTime(() => readEnded(carol.store, groupOf(ann))?.unsaid, true)
    expect(await statusOf(carol)).toBe('leaving')
    await away(town, carol)
    meanwhile()
    dave.handlers.onLeave = onLeave
    await back(town, carol)
  }

  /** Carol, whom Bob removes while she is away, wants to leave, and hears from him alone that she is out. Ann removes Bob, by which that falls. */
  async function carolGoes(leaves = leavesWhenRemoved) {
    const carol = await town.arrive('Carol 2')
    await joinBy(ann, space, carol)
    await back(town, bob)
    await inTime(() => statusOf(bob), 'removed')
    const dave = await town.arrive('Dave')
    await joinBy(ann, space, dave)
    await ann.api['members.setRole']({ spaceId: space.spaceId, memberId: selfOf(dave), role: 'admin' })
    await inTime(async () => (await spaceOf(dave))?.role, 'admin')
    await inTime(() => members(dave), ['Ann', 'Carol 2', 'Dave'])
    await away(town, ann, carol, bob)
    await leaves(carol, dave)
    await inTime(() => carol.store.groups.list(), [])
    await away(town, dave, carol)
    await back(town, ann)
    await ann.api['members.remove']({ spaceId: space.spaceId, memberId: selfOf(dave) })
    expect(await members(ann)).toEqual(['Ann', 'Carol 2'])
    return dave
  }

  it('is seen off by the others, who hear what it said from that one', async () => {
    const dave = await carolGoes()
    await back(town, dave)
    await inTime(() => statusOf(dave), 'removed')
    await inTime(() => members(ann), ['Ann'])
    await inTime(() => dave.messenger.peerBook.wanted(), [])
  })

  it('goes on leaving until somebody heard that, also where it is told first that it was removed', async () => {
    const dave = await carolGoes(leavesUnheard)
    await back(town, dave)
    await inTime(() => members(ann), ['Ann'])
  })

  it('and has left once somebody heard it, also where it died at that moment', async () => {
    await carolGoes(async (carol, dave) => {
      await leavesUnheard(carol, dave, () => carol.store.transaction((tx) => putSaid(tx, groupOf(ann))))
    })
  })

  it('also where they could not be told at once', async () => {
    const dave = await carolGoes()
    const onLeave = ann.handlers.onLeave.bind(ann.handlers)
    ann.handlers.onLeave = () => Promise.reject(new AppError('unreachable', 'lost'))
    await back(town, dave)
    await inTime(() => statusOf(dave), 'removed')
    const until = town.clock.now() + 5_000
    await inTime(() => town.clock.now() > until, true)
    expect(await members(ann)).toEqual(['Ann', 'Carol 2'])
    await away(town, dave)
    ann.handlers.onLeave = onLeave
    await back(town, dave)
    await inTime(() => members(ann), ['Ann'])
    await inTime(() => dave.messenger.peerBook.wanted(), [])
  })
})
