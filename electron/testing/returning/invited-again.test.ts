import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Space } from '../../../shared/domain/models.ts'
import { eraOf } from '../../sync/anti-entropy/era.ts'
import { groupOf, heard, inTime as inTimeOf, joinBy, makeTown, namesIn, say, selfOf, spaceOf, stateOf } from '../fixtures/town.ts'
import type { Resident, Town } from '../fixtures/town.ts'
import { tempDir } from '../temp-dir.ts'
import { rewindableStore } from './old-copies.ts'
import type { RewindableStore } from './old-copies.ts'

/** SPEC.md R8, decision 5: Ann removes Bob and invites him again, and his profile is put back from an older copy. */
let folder: ReturnType<typeof tempDir>
let town: Town
let ann: Resident
let bob: Resident
let carol: Resident
let space: Space
const stores = new Map<string, RewindableStore>()

const inTime = (what: () => unknown, expected: unknown) => inTimeOf(town, what, expected, 500)
const statusOf = async (resident: Resident) => (await spaceOf(resident))?.status.kind
const talks = async (from: Resident, text: string, to: readonly Resident[]) => {
  const message = await say(from, text)
  for (const one of to) await inTime(() => heard(one).includes(text), true)
  await inTime(() => stateOf(from, message), 'delivered')
}
const storeOfBob = (): RewindableStore => {
  const store = stores.get('Bob')
  if (store === undefined) throw new Error('Bob has a store')
  return store
}
async function copied(): Promise<Uint8Array> {
  const copy = storeOfBob().copy()
  await bob.restart()
  return copy
}
async function startFrom(copy: Uint8Array): Promise<void> {
  await bob.stop()
  town.hub.gone(bob.peerId)
  storeOfBob().putBack(copy)
  await bob.restart(town.hub.newPeerId())
}
const removesBob = async () => {
  await ann.api['members.remove']({ spaceId: space.spaceId, memberId: selfOf(bob) })
  await inTime(() => statusOf(bob), 'removed')
  await inTime(() => namesIn(space, carol), ['Ann', 'Carol'])
}
const comesBack = async () => {
  const wish = { spaceId: space.spaceId, role: 'member', maxUses: null, expiresInMs: 3_600_000 } as const
  const { link } = await ann.api['invitations.create'](wish)
  await bob.api['joins.start']({ link: link ?? '' })
  await inTime(async () => (await bob.api['joins.list']({})).at(-1)?.state.kind, 'done')
  for (const one of [ann, bob, carol]) await inTime(() => namesIn(space, one), ['Ann', 'Bob', 'Carol'])
}

beforeEach(async () => {
  folder = tempDir()
  town = await makeTown('invited again from a copy', (name) => {
    const store = rewindableStore(folder.dir, name)
    stores.set(name, store)
    return store
  })
  ;[ann, bob, carol] = [await town.arrive('Ann'), await town.arrive('Bob'), await town.arrive('Carol')]
  space = await ann.api['spaces.create']({ name: 'Friends' })
  for (const guest of [bob, carol]) await joinBy(ann, space, guest)
  await talks(bob, 'hello', [ann, carol])
})
afterEach(async () => {
  await town.end()
  for (const store of stores.values()) store.close()
  folder.remove()
})

it('a copy from before the removal comes back by an invitation, and counts on from a place that is its own', async () => {
  const copy = await copied()
  await talks(bob, 'not in the copy', [ann, carol])
  await removesBob()
  await startFrom(copy)
  await inTime(() => statusOf(bob), 'removed')
  await comesBack()
  await talks(bob, 'from the copy', [ann, carol])
  expect(eraOf(bob.store.groups.get(groupOf(bob))?.sentSeq ?? 0)).toBeGreaterThan(0)
})

it('a copy from while it was removed, put back once it is in again, counts on from a place that is its own', async () => {
  await removesBob()
  const copy = await copied()
  await comesBack()
  await talks(bob, 'not in the copy', [ann, carol])
  await startFrom(copy)
  expect(await statusOf(bob)).toBe('removed')
  await comesBack()
  await talks(bob, 'from the copy', [ann, carol])
  expect(eraOf(bob.store.groups.get(groupOf(bob))?.sentSeq ?? 0)).toBeGreaterThan(0)
})

it('a copy from while it was removed comes back by an invitation, too', async () => {
  await removesBob()
  const copy = await copied()
  await comesBack()
  await talks(bob, 'not in the copy', [ann, carol])
  await removesBob()
  await startFrom(copy)
  expect(await statusOf(bob)).toBe('removed')
  await comesBack()
  await talks(bob, 'from the copy', [ann, carol])
  expect(eraOf(bob.store.groups.get(groupOf(bob))?.sentSeq ?? 0)).toBeGreaterThan(0)
})
