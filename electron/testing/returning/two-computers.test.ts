import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { away, back, eventually, groupOf, heard, inTime, joinBy, makeTown, say, stateOf } from '../fixtures/town.ts'
import type { Resident, Town } from '../fixtures/town.ts'
import { tempDir } from '../temp-dir.ts'
import { rewindableStore } from './old-copies.ts'
import type { RewindableStore } from './old-copies.ts'

/** A profile is put back on a second computer while the first one goes on with it. */
let folder: ReturnType<typeof tempDir>
let town: Town
let ann: Resident
let bob: Resident
const stores = new Map<string, RewindableStore>()
const copies = new Map<string, Uint8Array>()
const HOUR = 3_600_000
const MINUTE = 60_000

const spaceOf = async ({ api }: Resident) => (await api['spaces.list']({}))[0]
const isTaken = async (resident: Resident) => (await spaceOf(resident))?.takenOver
const isIn = async (resident: Resident) => (await spaceOf(resident))?.returning === false
const storeOf = ({ name }: Resident): RewindableStore => {
  const store = stores.get(name)
  if (store === undefined) throw new Error('everybody has a store')
  return store
}
/** Another computer, started with a copy of a profile. */
async function startWith(name: string, copy: Uint8Array): Promise<Resident> {
  copies.set(name, copy)
  const resident = await town.arrive(name)
  town.hub.retryAll()
  return resident
}

beforeEach(async () => {
  folder = tempDir()
  town = await makeTown('two computers', (name) => {
    const store = rewindableStore(folder.dir, name)
    const copy = copies.get(name)
    if (copy !== undefined) store.putBack(copy)
    stores.set(name, store)
    return store
  })
  ;[ann, bob] = [await town.arrive('Ann'), await town.arrive('Bob')]
  const space = await ann.api['spaces.create']({ name: 'Friends' })
  await joinBy(ann, space, bob)
  const hello = await say(ann, 'hello')
  await inTime(town, () => stateOf(ann, hello), 'delivered')
  town.clock.advance(HOUR)
})
afterEach(async () => {
  await town.end()
  for (const store of stores.values()) store.close()
  stores.clear()
  copies.clear()
  folder.remove()
})

/** Ann's first computer goes on beside one on which her backup was put back, which is let in. */
async function startSecond(): Promise<Resident> {
  await ann.stop()
  town.hub.gone(ann.peerId)
  const copy = storeOf(ann).copy()
  await ann.restart()
  town.hub.retryAll()
  const second = await startWith('Ann again', copy)
  await inTime(town, () => isIn(second), true)
  return second
}

describe('a profile on two computers', () => {
  it('the one whose place was taken says so when it is told, and leaves it to the other for ten minutes', async () => {
    const second = await startSecond()
    const from = town.clock.now()
    await inTime(town, () => isTaken(ann), true)
    expect(town.clock.now() - from).toBeLessThan(2 * MINUTE)
    expect(ann.messenger.connection().lastErrors.map(({ message }) => message)).toContainEqual(expect.stringMatching(/two computers/))
    await expect(say(ann, 'too early')).rejects.toMatchObject({ code: 'returning' })
    for (let i = 0; i < 60; i++) {
      town.clock.advance(5_000)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect([await isTaken(ann), await isIn(ann), await isIn(second), await isTaken(second)]).toEqual([true, false, true, false])
    const said = await say(second, 'from the second')
    await inTime(town, () => stateOf(second, said), 'delivered')
    expect(heard(bob)).toEqual(['hello', 'from the second'])
  })

  it('a person goes on at the first one, and then the other one says it', async () => {
    const second = await startSecond()
    await inTime(town, () => isTaken(ann), true)
    const space = await spaceOf(ann)
    if (space === undefined) throw new Error('there is a space')
    await ann.api['spaces.repair']({ spaceId: space.spaceId })
    expect(await isTaken(ann)).toBe(false)
    await inTime(town, () => isIn(ann), true)
    const said = await say(ann, 'back here')
    await inTime(town, () => stateOf(ann, said), 'delivered')
    await inTime(town, () => isTaken(second), true)
    expect(await isTaken(ann)).toBe(false)
  })

  it('a wish to go on at the first one lasts until somebody is there who can let it in', async () => {
    await startSecond()
    await inTime(town, () => isTaken(ann), true)
    const from = town.clock.now()
    await away(town, bob)
    const space = await spaceOf(ann)
    if (space === undefined) throw new Error('there is a space')
    await ann.api['spaces.repair']({ spaceId: space.spaceId })
    for (let i = 0; i < 72; i++) {
      town.clock.advance(5_000)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await back(town, bob)
    await inTime(town, () => isIn(ann), true)
    expect(town.clock.now() - from).toBeLessThan(9 * MINUTE)
  })

  it('is back by itself after a while where the other one is off', async () => {
    const second = await startSecond()
    await inTime(town, () => isTaken(ann), true)
    await second.stop()
    town.hub.gone(second.peerId)
    const from = town.clock.now()
    await inTime(town, () => isIn(ann), true, 5_000)
    expect(town.clock.now() - from).toBeGreaterThan(8 * MINUTE)
    expect(await isTaken(ann)).toBe(false)
    const said = await say(ann, 'alone again')
    await eventually(() => heard(bob), ['hello', 'alone again'])
    await inTime(town, () => stateOf(ann, said), 'delivered')
    expect(ann.store.groups.get(groupOf(ann))?.tip).toBe(bob.store.groups.get(groupOf(bob))?.tip)
  })
})
