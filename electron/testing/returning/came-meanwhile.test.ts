import { afterEach, beforeEach, describe, it } from 'vitest'
import { away, back, heard, inTime as inTimeOf, joinBy, makeTown, namesIn, say, selfOf, spaceOf } from '../fixtures/town.ts'
import type { Resident, Town } from '../fixtures/town.ts'
import { makePrivateWorld } from '../private/private-world.ts'

/** SPEC.md D5: a removal renews the key by which members recognise each other. Who was away knows no newer one, who came since no older one. */
describe('in a space, who came while somebody was away', () => {
  let town: Town
  const inTime = (what: () => unknown, expected: unknown) => inTimeOf(town, what, expected)
  beforeEach(async () => {
    town = await makeTown('came meanwhile')
  })
  afterEach(() => town.end())

  /** Carol, who may, removes Dave and lets Erin in while Ann is away. */
  async function annMissesErin() {
    const [ann, carol] = [await town.arrive('Ann'), await town.arrive('Carol')]
    const [dave, erin] = [await town.arrive('Dave'), await town.arrive('Erin')]
    const space = await ann.api['spaces.create']({ name: 'Friends' })
    const { spaceId } = space
    for (const guest of [carol, dave]) await joinBy(ann, space, guest)
    await ann.api['members.setRole']({ spaceId, memberId: selfOf(carol), role: 'admin' })
    await inTime(async () => (await spaceOf(carol))?.role, 'admin')
    await away(town, ann)
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

  it('is recognised, and astray, where those who were away went another way', async () => {
    const { space, ann, carol, erin, dave } = await annMissesErin()
    await away(town, carol, erin)
    await back(town, ann)
    await ann.api['channels.create']({ spaceId: space.spaceId, name: 'by-ann', kind: 'open' })
    await back(town, dave)
    await say(dave, 'with Ann')
    await inTime(() => heard(ann), ['with Ann'])
    await back(town, erin)
    await inTime(async () => (await spaceOf(erin))?.astray, true)
    await back(town, carol)
    for (const one of [ann, carol, erin]) await inTime(() => namesIn(space, one), ['Ann', 'Carol', 'Erin'])
    await say(erin, 'all of us')
    for (const one of [ann, carol]) await inTime(() => heard(one).includes('all of us'), true)
  })
})

/** As somebody hostile does who wants to be alone with a newcomer. */
it('who was let in by somebody that kept the commit to themselves joins again where the others are', async () => {
  const town = await makeTown('kept to themselves')
  const [ann, carol, erin] = [await town.arrive('Ann'), await town.arrive('Carol'), await town.arrive('Erin')]
  const space = await ann.api['spaces.create']({ name: 'Friends' })
  const { spaceId } = space
  await joinBy(ann, space, carol)
  await inTimeOf(town, () => namesIn(space, carol), ['Ann', 'Carol'])
  const { link } = await ann.api['invitations.create']({ spaceId, role: 'member', maxUses: null, expiresInMs: 3_600_000 })
  await inTimeOf(town, async () => (await carol.api['invitations.list']({ spaceId })).length, 2)
  await away(town, ann)
  const dave = await town.arrive('Dave')
  await joinBy(carol, space, dave)
  await dave.api['spaces.leave']({ spaceId })
  await inTimeOf(town, () => namesIn(space, carol), ['Ann', 'Carol'])
  const letIn = carol.handlers.onJoin.bind(carol.handlers)
  carol.handlers.onJoin = async (...request) => {
    const answer = await letIn(...request)
    return answer.kind === 'welcome' ? { ...answer, commits: [] } : answer
  }
  await erin.api['joins.start']({ link: link ?? '' })
  await inTimeOf(town, () => namesIn(space, erin), ['Ann', 'Carol', 'Erin'])
  await say(erin, 'is anybody here?')
  await away(town, carol, dave)
  await back(town, ann)
  await inTimeOf(town, () => namesIn(space, ann), ['Ann', 'Carol', 'Erin'])
  await inTimeOf(town, () => heard(ann), ['is anybody here?'])
  await town.end()
})

it('in a private channel, who was added while somebody was away is recognised without whoever added them', async () => {
  const world = await makePrivateWorld('added meanwhile')
  const { alice, bob, carol, dave, town } = world
  const channelId = await world.make(alice, 'plans', [bob, carol])
  for (const one of [bob, carol]) await world.inTime(() => world.sees(one), ['plans (private)'])
  await world.away(bob)
  await alice.api['channels.removeMember']({ channelId, memberId: world.idOf(carol) })
  await alice.api['channels.addMember']({ channelId, memberId: world.idOf(dave) })
  await world.inTime(() => world.sees(dave), ['plans (private)'])
  for (const one of [alice, carol]) await world.away(one)
  await world.back(bob)
  await world.inTime(async () => (await world.members(bob, channelId)).toSorted(), ['Alice owner', 'Bob member', 'Dave member'])
  await world.talks(dave, channelId, 'without Alice', [bob])
  await world.talks(bob, channelId, 'so it is', [dave])
  await town.end()
})
