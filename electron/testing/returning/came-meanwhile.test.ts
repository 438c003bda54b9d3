import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChannelId } from '../../../shared/domain/ids.ts'
import { away, back, heard, inTime as inTimeOf, joinBy, makeTown, namesIn, say, selfOf, spaceOf } from '../fixtures/town.ts'
import type { Resident, Town } from '../fixtures/town.ts'
import { CARRIED_COMMITS } from '../../sync/group/carry-commits.ts'
import { makePrivateWorld } from '../private/private-world.ts'
import type { PrivateWorld } from '../private/private-world.ts'

/** SPEC.md D5: a removal renews the key by which members recognise each other. Who was away knows no newer one, who came since no older one. */
describe('in a space, who came while somebody was away', () => {
  let town: Town
  const inTime = (what: () => unknown, expected: unknown) => inTimeOf(town, what, expected)
  beforeEach(async () => {
    town = await makeTown('came meanwhile 1')
  })
  afterEach(() => town.end())

  /** Carol, who may, removes Dave and lets Erin in while Ann is away, with those who are with her. */
  async function annMissesErin(...withAnn: Resident[]) {
    const [ann, carol] = [await town.arrive('Ann'), await town.arrive('Carol')]
    const [dave, erin] = [await town.arrive('Dave'), await town.arrive('Erin')]
    const space = await ann.api['spaces.create']({ name: 'Friends' })
    const { spaceId } = space
    for (const guest of [carol, dave, ...withAnn]) await joinBy(ann, space, guest)
    await ann.api['members.setRole']({ spaceId, memberId: selfOf(carol), role: 'admin' })
    await inTime(async () => (await spaceOf(carol))?.role, 'admin')
    await away(town, ann, ...withAnn)
    await carol.api['members.remove']({ spaceId, memberId: selfOf(dave) })
    await joinBy(carol, space, erin)
    return { space, ann, carol, dave, erin }
  }

  it('is recognised though whoever let it in left the space', async () => {
    const { space, ann, carol, dave, erin } = await annMissesErin()
    await carol.api['spaces.leave']({ spaceId: space.spaceId })
    const names = (who: Resident) => namesIn(space, who)
    await inTime(() => names(erin), ['Ann', 'Erin'])
    await say(erin, 'is anybody here?')
    // Dave, who was removed, would bring Ann the commits.
    await away(town, carol, dave)
    await back(town, ann)
    await inTime(() => names(ann), ['Ann', 'Erin'])
    await inTime(() => heard(ann), ['is anybody here?'])
    await say(ann, 'I am')
    await inTime(() => heard(erin), ['is anybody here?', 'I am'])
  })

  it('is recognised where somebody let it in who came a moment before', async () => {
    const { space, ann, carol, dave, erin } = await annMissesErin()
    const finn = await town.arrive('Finn')
    await joinBy(erin, space, finn)
    await inTime(() => namesIn(space, finn), ['Ann', 'Carol', 'Erin', 'Finn'])
    await say(finn, 'is anybody here?')
    await away(town, carol, dave, erin)
    await back(town, ann)
    await inTime(() => heard(ann), ['is anybody here?'])
    expect(await namesIn(space, ann)).toEqual(['Ann', 'Carol', 'Erin', 'Finn'])
  })

  it('goes on writing where it cannot bring all that they missed, and waits for somebody who can', async () => {
    const { space, ann, carol, dave, erin } = await annMissesErin()
    for (let n = 0; n <= CARRIED_COMMITS; n++) await carol.api['channels.create']({ ...space, name: `c${n}`, kind: 'open' })
    const finn = await town.arrive('Finn')
    await joinBy(carol, space, finn)
    await away(town, carol, dave, erin)
    await back(town, ann)
    const until = town.clock.now() + 4 * 60_000
    await inTime(() => town.clock.now() > until, true)
    expect(await spaceOf(finn)).toMatchObject({ astray: false, returning: false })
    await say(finn, 'is anybody here?')
    await back(town, carol)
    await inTime(() => heard(ann), ['is anybody here?'])
    expect(await namesIn(space, ann)).toEqual(['Ann', 'Carol', 'Erin', 'Finn'])
  })

  it('is recognised, and astray, where those who were away went another way', async () => {
    const finn = await town.arrive('Finn')
    const { space, ann, carol, erin, dave } = await annMissesErin(finn)
    await away(town, carol, erin)
    await back(town, ann)
    await ann.api['channels.create']({ spaceId: space.spaceId, name: 'by-ann', kind: 'open' })
    for (const one of [dave, finn]) {
      await back(town, one)
      await say(one, 'with Ann')
    }
    // Which branch is chosen hangs on the names, too, and so on the seed of the town: by this one it is theirs.
    await inTime(() => heard(ann), ['with Ann', 'with Ann'])
    await back(town, erin)
    await inTime(async () => (await spaceOf(erin))?.astray, true)
    await back(town, carol)
    for (const one of [ann, carol, erin]) await inTime(() => namesIn(space, one), ['Ann', 'Carol', 'Erin', 'Finn'])
    await inTime(async () => (await spaceOf(erin))?.returning, false)
    await say(erin, 'all of us')
    for (const one of [ann, carol]) await inTime(() => heard(one).includes('all of us'), true)
  })
})

describe('in a private channel, who was added while somebody was away', () => {
  let world: PrivateWorld
  let channelId: ChannelId
  beforeEach(async () => {
    world = await makePrivateWorld('added meanwhile')
  })
  afterEach(() => world.town.end())

  /** Alice, while Bob is away, lets Carol go and adds Dave. */
  async function bobMissesDave(): Promise<void> {
    const { alice, bob, carol, dave } = world
    channelId = await world.make(alice, 'plans', [bob, carol])
    for (const one of [bob, carol]) await world.inTime(() => world.sees(one), ['plans (private)'])
    await world.away(bob)
    await alice.api['channels.removeMember']({ channelId, memberId: world.idOf(carol) })
    await alice.api['channels.addMember']({ channelId, memberId: world.idOf(dave) })
    await world.inTime(() => world.sees(dave), ['plans (private)'])
  }

  it('is recognised without whoever added them', async () => {
    await bobMissesDave()
    const { alice, bob, carol, dave } = world
    for (const one of [alice, carol]) await world.away(one)
    await world.back(bob)
    await world.inTime(async () => (await world.members(bob, channelId)).toSorted(), ['Alice owner', 'Bob member', 'Dave member'])
    await world.talks(dave, channelId, 'without Alice', [bob])
    await world.talks(bob, channelId, 'so it is', [dave])
  })

  it('is recognised, too, where somebody added them who came a moment before, and not taken for removed', async () => {
    const erin = await world.town.arrive('Erin')
    await joinBy(world.alice, world.space, erin)
    await bobMissesDave()
    const { alice, bob, carol, dave } = world
    await dave.api['channels.addMember']({ channelId, memberId: world.idOf(erin) })
    await world.inTime(() => world.sees(erin), ['plans (private)'])
    for (const one of [alice, dave, carol]) await world.away(one)
    await world.say(erin, channelId, 'without those')
    await world.back(bob)
    await world.inTime(() => world.heard(bob, channelId), ['without those'])
    expect(await world.sees(erin)).toEqual(['plans (private)'])
  })
})
