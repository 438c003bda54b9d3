import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Space } from '../../../shared/domain/models.ts'
import type { GroupState } from '../../crypto/mls/index.ts'
import { toHex } from '../../kernel/bytes.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { ownKey } from '../../sync/updates/leaf-keys.ts'
import { dueIn } from '../../sync/updates/obstacles.ts'
import { WEEKLY } from '../../sync/updates/pace.ts'
import { eventually, groupOf, heard, joinBy, makeTown, say, stateOf } from '../fixtures/town.ts'
import type { Resident, Town } from '../fixtures/town.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

let town: Town
let ann: Resident
let bob: Resident
let carol: Resident
let space: Space
beforeEach(async () => {
  town = await makeTown('town updates')
  ;[ann, bob, carol] = [await town.arrive('Ann'), await town.arrive('Bob'), await town.arrive('Carol')]
  space = await ann.api['spaces.create']({ name: 'Friends' })
  await joinBy(ann, space, bob)
  await joinBy(ann, space, carol)
  await talks(ann, 'hello', [bob, carol])
  await pass(5 * MINUTE, MINUTE)
})
afterEach(() => town.end())

const all = () => [ann, bob, carol]
const live = (resident: Resident): LiveGroup => resident.messenger.group(groupOf(resident))
const keyOf = (resident: Resident): string => toHex(ownKey(live(resident).deps.engine, live(resident).tip.state))
const tips = () => new Set(all().map((resident) => live(resident).tip.row.tip))

/** Time passes, and what it brings comes to its end. */
async function pass(ms: number, stepMs: number): Promise<void> {
  for (let left = ms; left > 0; left -= stepMs) {
    town.clock.advance(Math.min(left, stepMs))
    await turns()
  }
}
const turns = async () => {
  for (let i = 0; i < 30; i++) await new Promise((resolve) => setImmediate(resolve))
}
const inTime = (what: () => unknown, expected: unknown) =>
  eventually(() => {
    town.clock.advance(50)
    return what()
  }, expected)
async function talks(from: Resident, text: string, to: readonly Resident[]): Promise<void> {
  const message = await say(from, text)
  for (const one of to) await inTime(() => heard(one).includes(text), true)
  await inTime(() => stateOf(from, message), 'delivered')
}

/** What a thief has of somebody, and how far it can go with that by what others are sent. */
function thiefOf(resident: Resident) {
  const { engine } = live(resident).deps
  let state: GroupState = engine.decode(engine.encode(live(resident).tip.state))
  return async (from: Resident): Promise<number> => {
    const fromEpoch = engine.epoch(state)
    for (const { bytes } of from.store.objects.since(groupOf(from), fromEpoch, null, 10_000)) {
      const received = await engine.receive(state, bytes, () => null, { takeOwn: true })
      if (received.ok && received.value.kind === 'commit') state = received.value.state
    }
    return engine.epoch(state)
  }
}

describe('three members over some weeks', () => {
  it('renew their keys one after another, and whoever stole what one had reads no more; messages flow', async () => {
    const before = all().map(keyOf)
    const { epoch } = live(ann).tip.row
    const thieves = all().map(thiefOf)
    const texts = ['hello']
    for (let day = 1; day <= 12; day++) {
      await pass(DAY, HOUR)
      await talks(
        all()[day % 3] ?? ann,
        `day ${day}`,
        all().filter((_, n) => n !== day % 3),
      )
      texts.push(`day ${day}`)
    }
    for (const [n, resident] of all().entries()) {
      expect(keyOf(resident)).not.toBe(before[n])
      expect(heard(resident)).toEqual(texts)
    }
    expect(tips().size).toBe(1)
    const newest = live(ann).tip.row.epoch
    expect(newest - epoch).toBeGreaterThanOrEqual(3)
    expect(newest - epoch).toBeLessThanOrEqual(9)
    const reached = await Promise.all(thieves.map((thief) => thief(ann)))
    // Until the one it stole from renewed its keys a thief can follow what the others do.
    expect(Math.max(...reached)).toBeGreaterThan(epoch)
    expect(Math.max(...reached)).toBeLessThan(newest)
    expect(ann.store.commits.of(groupOf(ann)).length).toBe(newest)
  })

  it('who are all late at the same moment make commits at once: all follow one, and the others have their turn later', async () => {
    const before = all().map(keyOf)
    // Their computers sleep, and wake up together.
    town.clock.advance(20 * DAY)
    await turns()
    const parents = ann.store.commits.of(groupOf(ann)).map(({ parent }) => parent)
    expect(parents.filter((parent) => parent === parents.at(-1))).toHaveLength(3)
    await pass(20_000, 1_000)
    expect(tips().size).toBe(1)
    const renewed = () => all().filter((resident, n) => keyOf(resident) !== before[n]).length
    expect(renewed()).toBe(1)
    await pass(2 * HOUR, MINUTE)
    expect(renewed()).toBe(3)
    expect(tips().size).toBe(1)
    await talks(bob, 'all is well', [ann, carol])
  })

  it('of whom one dies between making its commit and sending it: the others are brought it afterwards', async () => {
    // Whose key is due first: another one's renewal would come before, and put this one off.
    const [first, ...others] = all().sort((a, b) => dueIn(live(a), WEEKLY) - dueIn(live(b), WEEKLY))
    if (first === undefined) throw new Error('there are three')
    const [self, before, left] = [live(first).self, keyOf(first), dueIn(live(first), WEEKLY)]
    await pass(left - HOUR, HOUR)
    let isLost = true
    for (const { handlers } of others) {
      const { onPush } = handlers
      handlers.onPush = (from, push) => (isLost && from.memberId === self ? Promise.reject(new Error('lost')) : onPush(from, push))
    }
    await pass(2 * HOUR, 10 * MINUTE)
    const made = first.store.commits.of(groupOf(first)).filter(({ author }) => author === self)
    expect(made).toHaveLength(1)
    expect(keyOf(first)).not.toBe(before)
    expect(tips().size).toBe(2)
    const after = keyOf(first)
    await first.messenger.stop()
    isLost = false
    await first.restart()
    await pass(MINUTE, 1_000)
    expect(tips().size).toBe(1)
    expect(keyOf(first)).toBe(after)
    await talks(first, 'after that', others)
  })
})

it('a device that was off for three weeks catches up first, and renews its key soon after', async () => {
  await bob.stop()
  town.hub.gone(bob.peerId)
  await pass(21 * DAY, 6 * HOUR)
  await ann.api['channels.create']({ spaceId: space.spaceId, name: 'music', kind: 'open' })
  await pass(2 * MINUTE, MINUTE)
  await bob.restart()
  const before = keyOf(bob)
  await turns()
  await inTime(() => tips().size, 1)
  expect(keyOf(bob)).toBe(before)
  await pass(30 * MINUTE, MINUTE)
  expect(keyOf(bob)).not.toBe(before)
  expect(tips().size).toBe(1)
  await talks(bob, 'back', [ann, carol])
})
