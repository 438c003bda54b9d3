import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createGroupEngine, X25519_SUITE } from '../../crypto/mls/index.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { eventually, groupOf, heard, joinBy, makeTown, namesIn, say, selfOf, stateOf } from '../fixtures/town.ts'
import type { Resident, Town } from '../fixtures/town.ts'
import { Emissions } from '../mls/emissions.ts'
import { handClock, NOON, seededRandom } from '../mls/seeded.ts'
import { tempDir } from '../temp-dir.ts'
import { rewindableStore } from './old-copies.ts'
import type { RewindableStore } from './old-copies.ts'

/** Whole messengers over real databases, one of which starts from an older copy. */
let folder: ReturnType<typeof tempDir>
let town: Town
let ann: Resident
let bob: Resident
let carol: Resident
let emissions: Emissions
const stores = new Map<string, RewindableStore>()
const faults: unknown[] = []

/** Everything that reaches anybody is noted, by the key it is encrypted under. */
function watch(resident: Resident): void {
  const { onPush } = resident.handlers
  resident.handlers.onPush = async (from, push) => {
    const acks = await onPush(from, push)
    for (const object of push.objects) await emissions.note(resident.store, object).catch((thrown: unknown) => faults.push(thrown))
    return acks
  }
}
const storeOf = ({ name }: Resident): RewindableStore => {
  const store = stores.get(name)
  if (store === undefined) throw new Error('everybody has a store')
  return store
}
const isReturning = async (resident: Resident) => (await resident.api['spaces.list']({}))[0]?.returning
const leave = async (resident: Resident) => {
  await resident.stop()
  town.hub.gone(resident.peerId)
}
async function startFromCopy(resident: Resident, copy: Uint8Array): Promise<void> {
  await leave(resident)
  storeOf(resident).putBack(copy)
  await resident.restart(town.hub.newPeerId())
  watch(resident)
}
/** As time goes by: what could not be taken at once is tried again a little later. */
const inTime = (what: () => unknown, expected: unknown) =>
  eventually(() => {
    town.clock.advance(50)
    return what()
  }, expected)
const talks = async (from: Resident, text: string, to: readonly Resident[]) => {
  const message = await say(from, text)
  for (const one of to) await inTime(() => heard(one).includes(text), true)
  await inTime(() => stateOf(from, message), 'delivered')
}

beforeEach(async () => {
  folder = tempDir()
  faults.length = 0
  const engine = await createGroupEngine({
    ...{ clock: handClock(NOON), random: seededRandom('ledger'), logger: silentLogger, suiteId: X25519_SUITE },
  })
  emissions = new Emissions(engine)
  town = await makeTown('town returns', (name) => {
    const store = rewindableStore(folder.dir, name)
    stores.set(name, store)
    return store
  })
  ;[ann, bob, carol] = [await town.arrive('Ann'), await town.arrive('Bob'), await town.arrive('Carol')]
  for (const resident of [ann, bob, carol]) watch(resident)
  const space = await ann.api['spaces.create']({ name: 'Friends' })
  await joinBy(ann, space, bob)
  await joinBy(ann, space, carol)
  await talks(ann, 'hello', [bob, carol])
})
afterEach(async () => {
  await town.end()
  for (const store of stores.values()) store.close()
  folder.remove()
  expect(faults).toEqual([])
})

describe('a profile put back from an older copy', () => {
  it('from before somebody was removed is recognised all the same', async () => {
    const copy = storeOf(bob).copy()
    await bob.restart()
    watch(bob)
    const [space] = await ann.api['spaces.list']({})
    if (space === undefined) throw new Error('there is a space')
    await ann.api['members.remove']({ spaceId: space.spaceId, memberId: selfOf(carol) })
    await inTime(() => namesIn(space, bob), ['Ann', 'Bob'])
    await leave(carol)
    await talks(ann, 'after the copy', [bob])
    await startFromCopy(bob, copy)
    await inTime(() => isReturning(bob), false)
    await talks(bob, 'back', [ann])
    expect(heard(bob)).toEqual(['hello', 'after the copy', 'back'])
    expect(await namesIn(space, bob)).toEqual(['Ann', 'Bob'])
  })

  it('cannot write until somebody is there, comes back by itself, and lacks nothing', async () => {
    await leave(ann)
    const copy = storeOf(ann).copy()
    await ann.restart()
    watch(ann)
    await talks(ann, 'after the copy', [bob, carol])
    await leave(bob)
    await leave(carol)
    await startFromCopy(ann, copy)
    expect(heard(ann)).toEqual(['hello'])
    expect(await isReturning(ann)).toBe(true)
    await expect(say(ann, 'too early')).rejects.toMatchObject({ code: 'returning' })
    await bob.restart()
    watch(bob)
    town.hub.retryAll()
    await eventually(() => isReturning(ann), false)
    expect(ann.events.some(({ event }) => event === 'spaces.changed')).toBe(true)
    await eventually(() => heard(ann), ['hello', 'after the copy'])
    const back = await say(ann, 'back, and Carol is away')
    await eventually(() => heard(bob), ['hello', 'after the copy', 'back, and Carol is away'])
    await eventually(() => stateOf(ann, back), 'held')
    await carol.restart()
    watch(carol)
    town.hub.retryAll()
    await eventually(() => stateOf(ann, back), 'delivered')
    await talks(carol, 'welcome back', [ann, bob])
    await talks(bob, 'from me, too', [ann, carol])
    const all = ['hello', 'after the copy', 'back, and Carol is away', 'welcome back', 'from me, too']
    for (const resident of [ann, bob, carol]) expect(heard(resident)).toEqual(all)
    const tips = [ann, bob, carol].map(({ store }) => store.groups.get(groupOf(ann))?.tip)
    expect(new Set(tips).size).toBe(1)
    expect(emissions.count).toBeGreaterThan(5)
  })

  it('comes back also from the same copy once more, and after a restart in the middle', async () => {
    await leave(ann)
    const copy = storeOf(ann).copy()
    await ann.restart()
    watch(ann)
    await talks(ann, 'one', [bob, carol])
    for (const round of ['two', 'three']) {
      await startFromCopy(ann, copy)
      await ann.restart()
      watch(ann)
      town.hub.retryAll()
      await eventually(() => isReturning(ann), false)
      await talks(ann, round, [bob, carol])
    }
    await talks(bob, 'four', [ann, carol])
    expect(heard(bob)).toEqual(['hello', 'one', 'two', 'three', 'four'])
    expect(heard(ann).filter((text) => text !== 'two')).toEqual(['hello', 'one', 'three', 'four'])
  })
})
