import { afterEach, beforeEach, expect, it } from 'vitest'
import { AppError } from '../../kernel/errors.ts'
import { away, eventually, inTime as inTimeOf, joinBy, makeTown, namesIn } from '../fixtures/town.ts'
import type { Resident, Town } from '../fixtures/town.ts'

/** Hugo lets Kim in, but the answer is lost; Hugo leaves, and nobody else has what lets Kim in. */
let town: Town

const inTime = (what: () => unknown, expected: unknown) => inTimeOf(town, what, expected, 500)

beforeEach(async () => {
  town = await makeTown('let in by who left')
})
afterEach(() => town.end())

it('a newcomer whose Welcome went with the one who had it is told so, and is let in by another member, once', async () => {
  const [ann, hugo, kim] = [await town.arrive('Ann'), await town.arrive('Hugo'), await town.arrive('Kim')]
  const { spaceId } = await ann.api['spaces.create']({ name: 'Friends' })
  await joinBy(ann, { spaceId }, hugo)
  const members = (resident: Resident) => namesIn({ spaceId }, resident)
  await inTime(() => members(hugo), ['Ann', 'Hugo'])
  const { link } = await ann.api['invitations.create']({ spaceId, role: 'member', maxUses: null, expiresInMs: 3_600_000 })
  const join = async () => (await kim.api['joins.list']({})).at(-1)

  town.hub.partition(ann.peerId, kim.peerId)
  const letIn = hugo.handlers.onJoin.bind(hugo.handlers)
  let asked = 0
  hugo.handlers.onJoin = async (...request) => {
    await letIn(...request)
    asked += 1
    throw new AppError('unreachable', 'The answer is lost.')
  }
  await kim.api['joins.start']({ link: link ?? '' })
  await inTime(() => asked > 0, true)
  await inTime(() => members(ann), ['Ann', 'Hugo', 'Kim'])
  await hugo.api['spaces.leave']({ spaceId })
  await inTime(() => members(ann), ['Ann', 'Kim'])
  await away(town, hugo)

  town.hub.heal(ann.peerId, kim.peerId)
  await inTime(async () => (await join())?.state, expect.objectContaining({ kind: 'waiting', step: 'admitting' }))
  expect((await join())?.state).toMatchObject({
    code: 'returning',
    message: expect.stringMatching(/another member lets you in instead/) as unknown,
  })
  await inTime(async () => (await join())?.state.kind, 'done')
  await eventually(() => members(kim), ['Ann', 'Kim'])
  await eventually(() => members(ann), ['Ann', 'Kim'])
})
