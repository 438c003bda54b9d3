import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Eid } from '../../shared/domain/ids.ts'
import type { Space } from '../../shared/domain/models.ts'
import {
  away,
  back,
  eventually,
  groupOf,
  heard,
  inTime as inTimeOf,
  joinBy,
  makeTown,
  namesIn,
  say,
  selfOf,
  spaceOf,
} from './fixtures/town.ts'
import type { Resident, Town } from './fixtures/town.ts'

/** SPEC.md R2. Ann removes Carol, who does not take it: she waits until she is alone with Bob, and would have him where she still is in. */
let town: Town
let ann: Resident
let bob: Resident
let carol: Resident
let space: Space

const inTime = (what: () => unknown, expected: unknown) => inTimeOf(town, what, expected, 500)
const members = (resident: Resident) => namesIn(space, resident)

beforeEach(async () => {
  town = await makeTown('strangers')
  ;[ann, bob, carol] = [await town.arrive('Ann'), await town.arrive('Bob'), await town.arrive('Carol')]
  space = await ann.api['spaces.create']({ name: 'Friends' })
  for (const guest of [bob, carol]) await joinBy(ann, space, guest)
  await inTime(() => members(bob), ['Ann', 'Bob', 'Carol'])
  await away(town, carol)
  await ann.api['members.remove']({ spaceId: space.spaceId, memberId: selfOf(carol) })
  await inTime(() => members(bob), ['Ann', 'Bob'])
})
afterEach(() => town.end())

/** Carol takes no object, says that she is where nobody can follow, and lets whoever asks for it in where she is. */
async function carolLies(): Promise<{ compared: number; welcomed: number }> {
  const lies = { compared: 0, welcomed: 0 }
  const nowhere = '00'.repeat(16) as Eid
  const lie = { groupId: groupOf(carol), eid: nowhere, epoch: 0, joinedEpoch: 0, known: [nowhere], roots: [nowhere], senders: [] }
  const { handlers } = carol
  const { network } = carol.messenger
  const [compare, letIn] = [network.frontier.bind(network), handlers.onReturn.bind(handlers)]
  network.frontier = (peerId, _, signal) => compare(peerId, lie, signal)
  handlers.onFrontier = () => {
    lies.compared += 1
    return Promise.resolve(lie)
  }
  handlers.onPush = (_, { objects }) => Promise.resolve(objects.map(() => 'later'))
  handlers.onReturn = async (...request) => {
    const answer = await letIn(...request)
    if (answer.kind === 'welcome') lies.welcomed += 1
    return answer
  }
  return lies
}

async function aloneWithCarol(): Promise<{ compared: number; welcomed: number }> {
  await away(town, ann)
  await carol.restart()
  const lies = await carolLies()
  town.hub.retryAll()
  await inTime(() => lies.compared > 0, true)
  return lies
}

/** Bob asks by hand to be let in again. */
const repair = () => bob.api['spaces.repair']({ spaceId: space.spaceId })

it('nobody goes astray for what somebody says who was removed', async () => {
  const lies = await aloneWithCarol()
  const began = town.clock.now()
  await inTime(() => town.clock.now() > began + 300_000 && lies.compared > 5, true)
  expect(await spaceOf(bob)).toMatchObject({ astray: false })
  const told = (await bob.api['connection.status']({})).lastErrors.filter((line) => line.message.includes('It waits for a member it knows'))
  expect(told).toHaveLength(1)
  const message = await say(bob, 'still mine')
  await back(town, ann)
  await inTime(async () => (await bob.api['messages.get']({ messageId: message.messageId })).delivery.state, 'delivered')
  expect(heard(carol)).toEqual([])
})

it('nobody is led by somebody who was removed to where that one still is a member', async () => {
  const lies = await aloneWithCarol()
  await repair()
  await inTime(() => lies.welcomed > 4, true)
  expect(await members(bob)).toEqual(['Ann', 'Bob'])
  expect(await spaceOf(bob)).toMatchObject({ astray: true, uninvited: 'strangers' })
  await back(town, ann)
  await inTime(async () => (await spaceOf(bob))?.astray, false)
  await say(bob, 'only for Ann')
  await eventually(() => heard(ann), ['only for Ann'])
  expect(await members(ann)).toEqual(['Ann', 'Bob'])
  expect(heard(carol)).toEqual([])
})

it('whoever decides so goes there by an invitation', async () => {
  await aloneWithCarol()
  await repair()
  await inTime(async () => (await spaceOf(bob))?.uninvited, 'strangers')
  const { link } = await carol.api['invitations.create']({
    ...{ spaceId: space.spaceId, role: 'member', maxUses: null, expiresInMs: 3_600_000 },
  })
  await bob.api['joins.start']({ link: link ?? '' })
  expect((await spaceOf(bob))?.uninvited).toBe(null)
  await inTime(() => members(bob), ['Ann', 'Bob', 'Carol'])
})
