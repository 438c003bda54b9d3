import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../kernel/logger.ts'
import { Listening } from '../sync/members/listening.ts'
import { bring, commitsOf, linkOf, makeWorld, SPACE, writtenBy } from '../testing/fixtures/group-world.ts'
import type { Device, World } from '../testing/fixtures/group-world.ts'
import { seededRandom } from '../testing/mls/seeded.ts'
import { ForkWatch } from './fork-watch.ts'

/** By chance every pause is half as long as it may be. */
const random = { ...seededRandom('fork watch'), fraction: () => 0.5 }

let world: World
let ann: Device
let bob: Device
const watches: ForkWatch[] = []
beforeEach(async () => {
  world = await makeWorld('fork watch')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob')
})
afterEach(() => Promise.all(watches.splice(0).map((watch) => watch.stop())))

function watching({ group }: Device): ForkWatch {
  const deps = { groups: new Map([[SPACE, group]]), listening: new Listening(), clock: world.clock, random, logger: silentLogger }
  const watch = new ForkWatch(deps)
  watches.push(watch)
  return watch
}
const tipOf = ({ group }: Device) => group.tip.row.tip
const channels = ({ group }: Device): string[] => group.tip.settings.channels.map(({ name }) => name)

describe('who is in a new epoch', () => {
  it('says so within thirty seconds, at a moment that chance decides (F4)', async () => {
    await ann.addChannel('music')
    await bring(ann, bob)
    watching(bob).entered(SPACE)
    expect(world.clock.pending).toEqual([15_000])
    world.clock.advance(14_999)
    expect(writtenBy(bob)).toEqual([])
    world.clock.advance(1)
    await expect.poll(() => writtenBy(bob).map(({ eid }) => eid)).toEqual([tipOf(bob)])
  })
})

describe('a member whose changes lost', () => {
  let loser: Device
  let watch: ForkWatch
  let before: number
  beforeEach(async () => {
    for (const name of ['one of Ann', 'two of Ann']) await ann.addChannel(name)
    for (let n = 0; n < 2; n++) await linkOf(bob, 'guest')
    await bring(ann, bob)
    await bring(bob, ann)
    const tips = new Map([ann, bob].map((device) => [device, tipOf(device)]))
    const watched = new Map([ann, bob].map((device) => [device, watching(device)]))
    for (const each of watched.values()) each.contested(SPACE)
    expect(world.clock.pending).toEqual([1_000, 1_000])
    world.clock.advance(1_000)
    await expect.poll(() => tipOf(ann) === tipOf(bob)).toBe(true)
    loser = tips.get(ann) === tipOf(ann) ? bob : ann
    watch = watched.get(loser) ?? watching(loser)
    before = commitsOf(loser).length
  })

  it('does them again after a pause of two seconds at most, that chance decides, all in a row (I3)', async () => {
    await expect.poll(() => world.clock.pending).toEqual([1_000])
    world.clock.advance(999)
    await watch.stop()
    expect(commitsOf(loser)).toHaveLength(before)
    const again = watching(loser)
    again.contested(SPACE)
    world.clock.advance(1_000)
    await expect.poll(() => world.clock.pending).toEqual([1_000])
    world.clock.advance(1_000)
    await expect.poll(() => commitsOf(loser).length).toBe(before + 2)
    const winner = loser === ann ? bob : ann
    await bring(loser, winner)
    expect(tipOf(winner)).toBe(tipOf(loser))
    expect(channels(winner)).toEqual(['general', 'one of Ann', 'two of Ann'])
    expect(winner.group.tip.settings.invitations.filter(({ createdBy }) => createdBy === bob.group.self)).toHaveLength(2)
  })
})
