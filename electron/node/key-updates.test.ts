import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MemberId } from '../../shared/domain/ids.ts'
import { silentLogger } from '../kernel/logger.ts'
import { markAstray } from '../sync/returning/astray.ts'
import { dueIn } from '../sync/updates/obstacles.ts'
import { WEEKLY } from '../sync/updates/pace.ts'
import { SPACE } from '../testing/fixtures/group-world.ts'
import type { Device } from '../testing/fixtures/group-world.ts'
import { FakeClock } from '../testing/fakes/fake-clock.ts'
import { seededRandom } from '../testing/mls/seeded.ts'
import { keyOf, makeTrio } from '../testing/updates/trio.ts'
import type { Trio } from '../testing/updates/trio.ts'
import { KeyUpdates } from './key-updates.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

let trio: Trio
let ann: Device
let bob: Device
let updates: KeyUpdates
/** Who is here. */
let online: Set<MemberId>
let choosing: boolean
beforeEach(async () => {
  trio = await makeTrio('key updates')
  ;({ ann, bob } = trio)
  online = new Set([ann.group.self])
  choosing = false
  updates = watching(bob)
})
afterEach(() => updates.stop())

/** Of a process that has just begun. */
function watching(device: Device): KeyUpdates {
  const made = new KeyUpdates({
    ...{ groups: new Map([[SPACE, device.group]]), clock: trio.world.clock, random: seededRandom('looks'), logger: silentLogger },
    ...{ pace: WEEKLY, online: () => online, choosing: () => choosing },
  })
  made.start()
  return made
}

/** As time passes for a process: what is due happens, and ends. */
async function pass(ms: number, stepMs = HOUR): Promise<void> {
  for (let left = ms; left > 0; left -= stepMs) {
    trio.world.clock.advance(Math.min(left, stepMs))
    await turns()
  }
}
const turns = async () => {
  for (let i = 0; i < 12; i++) await new Promise((resolve) => setImmediate(resolve))
  await bob.group.idle()
  await new Promise((resolve) => setImmediate(resolve))
}
const meet = () => updates.met(bob.group, ann.group.self, ann.group.tip.row.tip)

describe('a device that is there all the time', () => {
  it('U1: renews its key when that is old, once, and again when the next one is', async () => {
    meet()
    const [first, left] = [keyOf(bob), dueIn(bob.group, WEEKLY)]
    await pass(left - HOUR)
    expect(keyOf(bob)).toBe(first)
    await pass(HOUR)
    const second = keyOf(bob)
    expect(second).not.toBe(first)
    await pass(dueIn(bob.group, WEEKLY) - HOUR)
    expect(keyOf(bob)).toBe(second)
  })

  it('looks at least once a day: a computer that sleeps must not miss the day', () => {
    const clock = new FakeClock(trio.world.clock.now())
    const looks = new KeyUpdates({
      ...{ groups: new Map([[SPACE, bob.group]]), clock, random: seededRandom('looks'), logger: silentLogger },
      ...{ pace: WEEKLY, online: () => online, choosing: () => choosing },
    })
    looks.start()
    looks.watch(SPACE)
    expect(clock.pending).toEqual([DAY])
    return looks.stop()
  })

  it('U2: while something speaks against it looks again every few minutes, and renews it then', async () => {
    meet()
    choosing = true
    const key = keyOf(bob)
    await pass(dueIn(bob.group, WEEKLY) + HOUR)
    expect(keyOf(bob)).toBe(key)
    choosing = false
    await pass(10 * MINUTE, MINUTE)
    expect(keyOf(bob)).not.toBe(key)
  })

  it('U4: after a commit of somebody else lets an hour or two pass', async () => {
    meet()
    await pass(dueIn(bob.group, WEEKLY) - 30 * MINUTE)
    await ann.addChannel('music')
    await trio.spread(ann)
    await trio.acknowledge()
    meet()
    const key = keyOf(bob)
    await pass(90 * MINUTE, 5 * MINUTE)
    expect(keyOf(bob)).toBe(key)
    await pass(90 * MINUTE, 5 * MINUTE)
    expect(keyOf(bob)).not.toBe(key)
  })

  it('does nothing while it is let in again, and goes on trying', async () => {
    meet()
    await markAstray(bob.group)
    const key = keyOf(bob)
    await pass(12 * DAY)
    expect(keyOf(bob)).toBe(key)
  })

  it('outlives a failure, and tries again within a day', async () => {
    meet()
    const key = keyOf(bob)
    await pass(dueIn(bob.group, WEEKLY) - HOUR)
    bob.store.failNext()
    await pass(HOUR)
    expect(keyOf(bob)).toBe(key)
    await pass(25 * HOUR)
    expect(keyOf(bob)).not.toBe(key)
  })
})

describe('a device that was away for three weeks', () => {
  beforeEach(async () => {
    await updates.stop()
    trio.world.clock.advance(21 * DAY)
    updates = watching(bob)
  })

  it('U2: renews its key soon after it has caught up, and not before', async () => {
    const key = keyOf(bob)
    await pass(HOUR, MINUTE)
    expect(keyOf(bob)).toBe(key)
    await ann.addChannel('music')
    updates.met(bob.group, ann.group.self, ann.group.tip.row.tip)
    await pass(HOUR, MINUTE)
    expect(keyOf(bob)).toBe(key)
    await trio.spread(ann)
    await trio.acknowledge()
    await pass(12 * MINUTE, MINUTE)
    expect(keyOf(bob)).not.toBe(key)
  })

  it('does nothing in the first moment: to start again and again makes no commits', async () => {
    meet()
    await updates.stop()
    for (let start = 0; start < 20; start++) {
      const key = keyOf(bob)
      updates = watching(bob)
      await turns()
      await updates.stop()
      bob.restart()
      expect(keyOf(bob)).toBe(key)
    }
  })

  it('and renewed its key does not do so again after a restart', async () => {
    meet()
    await pass(12 * MINUTE, MINUTE)
    await updates.stop()
    bob.restart()
    const key = keyOf(bob)
    updates = watching(bob)
    meet()
    await pass(4 * DAY)
    expect(keyOf(bob)).toBe(key)
  })
})

it('does nothing more once it was stopped, or the group is gone', async () => {
  meet()
  const key = keyOf(bob)
  await updates.stop()
  updates.watch(SPACE)
  await pass(20 * DAY, DAY)
  expect(keyOf(bob)).toBe(key)
})
