import { afterEach, beforeEach, expect, it } from 'vitest'
import type { PeerId, MemberId, GroupId } from '../../shared/domain/ids.ts'
import { silentLogger } from '../kernel/logger.ts'
import { LastWords } from '../node/last-words.ts'
import type { Network } from '../ports/network.ts'
import { loadGroup } from '../sync/group/found-group.ts'
import { putEnded, readEnded } from '../sync/members/ended.ts'
import { UNPROVEN } from '../sync/group/membership.ts'
import { keepClaim, keptClaims } from '../sync/intents/left-claims.ts'
import { away, back, groupOf, inTime as inTimeOf, joinBy, makeTown, namesIn, selfOf } from './fixtures/town.ts'
import type { Resident, Town } from './fixtures/town.ts'
let town: Town
let ann: Resident, bob: Resident, carol: Resident
let space: any
const inTime = (what: () => unknown, expected: unknown) => inTimeOf(town, what, expected, 100)
const members = (r: Resident) => namesIn(space, r)
const statusOf = async (r: Resident) => (await r.api['spaces.list']({}))[0]?.status.kind
beforeEach(async () => {
  town = await makeTown('zz last words')
  ;[ann, bob] = [await town.arrive('Ann'), await town.arrive('Bob')]
  carol = await town.arrive('Carol')
  space = await ann.api['spaces.create']({ name: 'Friends' })
  for (const guest of [bob, carol]) await joinBy(ann, space, guest)
  await inTime(() => Promise.all([bob, carol].map(members)), Array(2).fill(['Ann', 'Bob', 'Carol']))
  await ann.api['members.setRole']({ spaceId: space.spaceId, memberId: selfOf(bob), role: 'admin' })
  await inTime(() => Promise.all([bob, carol].map(members)), Array(2).fill(['Ann', 'Bob', 'Carol']))
  const until = town.clock.now() + 5_000
  await inTime(() => town.clock.now() > until, true)
  await away(town, ann)
  await bob.api['members.remove']({ spaceId: space.spaceId, memberId: selfOf(carol) })
  await inTime(() => statusOf(carol), 'removed')
  await away(town, bob, carol)
  await back(town, ann)
  await ann.api['members.remove']({ spaceId: space.spaceId, memberId: selfOf(bob) })
  // Ann cannot be told at once
  ann.handlers.onPush = () => Promise.reject(new Error('lost'))
  await back(town, bob)
  await inTime(() => statusOf(bob), 'removed')
})
afterEach(() => town.end())
it('who was removed swallows the last words', async () => {
  await away(town, ann)
  const gid = groupOf(ann)
  const row = bob.store.groups.get(gid)!
  const group = loadGroup(bob.messenger.groupDeps, row)
  console.log('unsaid', readEnded(bob.store, gid), 'carol is', bob.messenger.peerBook.memberAt(group, carol.peerId) === selfOf(carol), 'members', group.members().map(m => m.memberId === selfOf(carol)))
  bob.store.transaction((tx) => putEnded(tx, gid, { kind: 'removed', at: town.clock.now(), by: selfOf(ann), unsaid: true }))
  // Carol, removed, comes, and takes it.
  const network = { sessions: () => [], askLeave: async () => ({ kind: 'done' }) as const, push: async (_: PeerId, { objects }: any) => objects.map(() => 'stored' as const) }
  const words = new LastWords({ network: network as any, store: bob.store, peerBook: bob.messenger.peerBook, logger: silentLogger })
  await words.give(group, carol.peerId)
  console.log('after carol', readEnded(bob.store, gid))
})
it('whole: carol connects to bob with nothing but a real messenger', async () => {
  await away(town, ann)
  const gid = groupOf(ann)
  console.log('before', readEnded(bob.store, gid)?.unsaid)
  await back(town, carol)
  const until = town.clock.now() + 20_000
  await inTime(() => town.clock.now() > until, true)
  console.log('honest carol', readEnded(bob.store, gid)?.unsaid)
})
it('a claim put off hides those after it', async () => {
  const gid = groupOf(ann)
  const group = loadGroup(bob.messenger.groupDeps, bob.store.groups.get(gid)!)
  bob.store.transaction((tx) => putEnded(tx, gid, { kind: 'removed', at: town.clock.now(), by: selfOf(ann), unsaid: true }))
  const claim = (n: number) => ({ groupId: gid, memberId: String(n).repeat(32).slice(0, 32) as MemberId, leafKey: new Uint8Array(32).fill(n), signature: new Uint8Array(64) })
  keepClaim(group, claim(1), 'a'.repeat(64) as any)
  town.clock.advance(10)
  keepClaim(group, claim(2), 'b'.repeat(64) as any)
  console.log('claims', keptClaims(group).length)
  const told: number[] = []
  let pushes = 0
  const network = { sessions: () => [], askLeave: async (_: PeerId, c: any) => { told.push(c.leafKey[0]); return c.leafKey[0] === 1 ? { kind: 'later', afterMs: 5000 } : { kind: 'done' } }, push: async (_: PeerId, { objects }: any) => { pushes += 1; return objects.map(() => 'stored' as const) } }
  const words = new LastWords({ network: network as any, store: bob.store, peerBook: bob.messenger.peerBook, logger: silentLogger })
  for (let i = 0; i < 50; i++) await words.give(group, ann.peerId)
  console.log('told', new Set(told), told.length, 'pushes', pushes, readEnded(bob.store, gid)?.unsaid)
})
