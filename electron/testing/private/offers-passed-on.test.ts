import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { offersKnown } from '../../sync/under/offers.ts'
import { away, back, groupOf, inTime, joinBy, makeTown, selfOf } from '../fixtures/town.ts'
import type { Resident, Town } from '../fixtures/town.ts'

/** SPEC.md P4. */
let town: Town
let residents: Resident[]

const NAMES = ['Ann', 'Bob', 'Carol', 'Dave', 'Erin', 'Finn', 'Gus', 'Hal']
const space = (resident: Resident) => resident.messenger.group(groupOf(resident))
const known = (resident: Resident) => offersKnown(space(resident)).map(({ memberId }) => memberId)
const knowAll = () => residents.every((one) => known(one).length === residents.length - 1)

/** How often anybody asked for offers since. */
function counting(): { asked: number } {
  const count = { asked: 0 }
  for (const { handlers } of residents) {
    const onWelcome = handlers.onWelcome.bind(handlers)
    handlers.onWelcome = (from, request) => {
      if (request.kind === 'offers') count.asked += 1
      return onWelcome(from, request)
    }
  }
  return count
}

beforeEach(async () => {
  town = await makeTown('offers passed on')
  residents = []
})
afterEach(() => town.end())

async function gather(count: number): Promise<void> {
  for (const name of NAMES.slice(0, count)) residents.push(await town.arrive(name))
  const [ann, ...guests] = residents
  if (ann === undefined) throw new Error('somebody came')
  const { spaceId } = await ann.api['spaces.create']({ name: 'Friends' })
  for (const guest of guests) await joinBy(ann, { spaceId }, guest)
  await inTime(town, knowAll, true)
}

describe('what members offer for what is under the space', () => {
  it('comes to those who never meet, by somebody who is connected with both', async () => {
    await gather(3)
    const [ann, bob, carol] = residents as [Resident, Resident, Resident]
    await away(town, ann, carol)
    town.hub.partition(ann.peerId, carol.peerId)
    for (const one of [ann, carol]) await back(town, one)
    const offerOf = (resident: Resident) => offersKnown(space(resident)).find(({ memberId }) => memberId === selfOf(carol))?.at
    await inTime(town, () => bob.messenger.correspondence.online(groupOf(bob)).size, 2)
    const before = offerOf(ann)
    // What is offered is made anew when it is old.
    town.clock.advance(61 * 24 * 3_600_000)
    carol.messenger.added(space(carol))
    await inTime(town, () => offerOf(bob) !== before && offerOf(ann) === offerOf(bob), true)
    expect(ann.messenger.network.sessions().filter(({ state, peerId }) => state === 'ready' && peerId === carol.peerId)).toEqual([])
  })

  it('is asked of nobody once all have it', async () => {
    await gather(NAMES.length)
    const began = town.clock.now()
    await inTime(town, () => town.clock.now() > began + 180_000, true)
    const count = counting()
    await inTime(town, () => town.clock.now() > began + 600_000, true)
    expect(count.asked).toBe(0)
  })
})
