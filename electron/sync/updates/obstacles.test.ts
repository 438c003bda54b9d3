import { beforeEach, describe, expect, it } from 'vitest'
import type { Eid } from '../../../shared/domain/ids.ts'
import { bring, linkOf, makeWorld } from '../../testing/fixtures/group-world.ts'
import type { Device } from '../../testing/fixtures/group-world.ts'
import { makeTrio } from '../../testing/updates/trio.ts'
import type { Trio } from '../../testing/updates/trio.ts'
import { reconsider } from '../fork-resolution/reconsider.ts'
import { makeLeaveOffer } from '../members/leave-offer.ts'
import { renameSpace } from '../members/change-space.ts'
import { markAstray } from '../returning/astray.ts'
import { dueIn, obstacleTo } from './obstacles.ts'
import type { Company } from './obstacles.ts'
import { WEEKLY } from './pace.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

let trio: Trio
let ann: Device
let bob: Device
let carol: Device
beforeEach(async () => {
  trio = await makeTrio('obstacles')
  ;({ ann, bob, carol } = trio)
})

const obstacle = (device: Device, more: Partial<Company> = {}) => obstacleTo(device.group, WEEKLY, trio.companyOf(device, more))

describe('a key', () => {
  it('U1: is due when it is as old as it may become, and not before', () => {
    trio.untilDue(bob, -1)
    expect(obstacle(bob)).toBe('not-due')
    trio.world.clock.advance(1)
    expect(obstacle(bob)).toBeNull()
  })

  it('of the future, made while the clock was wrong, is as old as it is far away', () => {
    const left = dueIn(bob.group, WEEKLY)
    const now = trio.world.clock.now()
    bob.deps.clock = { now: () => now - left + 1, after: () => () => undefined }
    expect(dueIn(bob.group, WEEKLY)).toBe(1)
  })
})

describe('U2: a device whose key is due waits', () => {
  beforeEach(() => trio.untilDue(bob, 2 * DAY))

  it('while it returns', async () => {
    await markAstray(bob.group)
    expect(obstacle(bob)).toBe('returning')
  })

  it('once it wants to leave', async () => {
    await makeLeaveOffer(bob.group)
    expect(obstacle(bob)).toBe('leaving')
  })

  it('while it is alone', async () => {
    const world = await makeWorld('alone')
    const zoe = await world.found('Zoe')
    world.clock.advance(20 * DAY)
    expect(obstacleTo(zoe.group, WEEKLY, { online: new Set(), places: new Map(), choosing: false })).toBe('alone')
  })

  it('while commits are chosen among', () => {
    expect(obstacle(bob, { choosing: true })).toBe('pending')
  })

  it('while something that was asked for, and lost, is to be done again', async () => {
    await renameSpace(ann.group, 'Foes')
    await linkOf(bob, 'guest')
    await bring(ann, bob)
    await bring(bob, ann)
    const tips = [ann, bob].map(({ group }) => group.tip.row.tip)
    for (const { group } of [ann, bob]) await reconsider(group)
    const loser = ann.group.tip.row.tip === tips[0] ? bob : ann
    trio.untilDue(loser)
    expect(obstacle(loser)).toBe('pending')
  })

  it('until somebody is here, and most of those who are do not know more', () => {
    const [one, other, elsewhere] = [ann.group.self, carol.group.self, bob.deps.random.id<Eid>()]
    const { tip } = bob.group.tip.row
    expect(obstacle(bob, { online: new Set() })).toBe('behind')
    expect(obstacle(bob, { places: new Map() })).toBe('behind')
    expect(obstacle(bob, { online: new Set([one]), places: new Map([[one, elsewhere]]) })).toBe('behind')
    const places = new Map([
      [one, elsewhere],
      [other, tip],
    ])
    expect(obstacle(bob, { places })).toBeNull()
  })
})

describe('U3: a device whose key is due', () => {
  it('waits while half of the members or more were not heard where it is, and counts those who say so in a session', async () => {
    const dave = await trio.world.join(ann, 'Dave')
    await trio.spread(ann)
    trio.untilDue(bob, 2 * DAY)
    const { tip } = bob.group.tip.row
    // Ann made the commit that led here, and Bob is here himself.
    const parent = bob.store.commits.into(bob.group.groupId, tip)?.parent ?? expect.fail()
    const behind = new Map([ann, carol, dave].map(({ group }) => [group.self, parent]))
    expect(obstacle(bob, { places: behind })).toBe('unheard')
    expect(obstacle(bob, { places: new Map(behind).set(carol.group.self, tip) })).toBeNull()
  })

  it('counts those of whom it has a message or an acknowledgement of the epoch, also after a restart', async () => {
    await ann.addChannel('music')
    await trio.spread(ann)
    trio.untilDue(bob, 2 * DAY)
    await trio.world.join(ann, 'Dave')
    await trio.spread(ann)
    const parent = bob.store.commits.into(bob.group.groupId, bob.group.tip.row.tip)?.parent ?? expect.fail()
    const behind = new Map([ann, carol].map(({ group }) => [group.self, parent]))
    expect(obstacle(bob, { places: behind })).toBe('unheard')
    await carol.send('here, too')
    await bring(carol, bob)
    bob.restart()
    trio.world.clock.advance(MINUTE)
    expect(obstacle(bob, { places: behind })).toBeNull()
  })
})

describe('U4: a device whose key is due', () => {
  it('lets an hour pass after any commit', async () => {
    trio.untilDue(bob)
    await ann.addChannel('music')
    await trio.spread(ann)
    expect(obstacle(bob)).toBe('quiet')
    trio.world.clock.advance(HOUR - 1)
    expect(obstacle(bob)).toBe('quiet')
    trio.world.clock.advance(1)
    expect(obstacle(bob)).toBeNull()
  })

  it('lets no more than a minute pass once it is late by a day: nobody can put it off for ever', async () => {
    trio.untilDue(bob, DAY + 1)
    await ann.addChannel('music')
    await trio.spread(ann)
    trio.world.clock.advance(MINUTE - 1)
    expect(obstacle(bob)).toBe('quiet')
    trio.world.clock.advance(1)
    expect(obstacle(bob)).toBeNull()
  })
})

it('U5: a device that renewed its keys last waits until somebody else made a commit', async () => {
  trio.untilDue(bob)
  expect(await trio.update(bob)).toBeNull()
  await trio.spread(bob)
  await trio.acknowledge()
  trio.untilDue(bob, 3 * DAY)
  expect(obstacle(bob)).toBe('repeated')
  expect(await trio.update(ann)).toBeNull()
  await trio.spread(ann)
  trio.world.clock.advance(MINUTE)
  expect(obstacle(bob)).toBeNull()
})
