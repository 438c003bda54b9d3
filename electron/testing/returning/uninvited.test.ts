import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Space } from '../../../shared/domain/models.ts'
import { parseLink } from '../../sync/invitations/link.ts'
import { forgetAstray } from '../../sync/returning/astray.ts'
import {
  away,
  back,
  groupOf,
  heard,
  inTime as inTimeOf,
  joinBy,
  makeTown,
  namesIn,
  say,
  selfOf,
  spaceOf,
  stateOf,
} from '../fixtures/town.ts'
import type { Resident, Town } from '../fixtures/town.ts'

/** SPEC.md R3. Bob lets Dave in, and Ann, who is above him, removes Bob, neither knowing of the other. */
let town: Town
let ann: Resident
let bob: Resident
let carol: Resident
let dave: Resident
let space: Space

const inTime = (what: () => unknown, expected: unknown) => inTimeOf(town, what, expected, 500)
const members = (resident: Resident) => namesIn(space, resident)
const newLink = async () =>
  (await ann.api['invitations.create']({ spaceId: space.spaceId, role: 'member', maxUses: null, expiresInMs: 3_600_000 })).link ?? ''
const joinState = async () => (await dave.api['joins.list']({})).at(-1)?.state.kind

beforeEach(async () => {
  town = await makeTown('uninvited')
  ;[ann, bob, carol] = [await town.arrive('Ann'), await town.arrive('Bob'), await town.arrive('Carol')]
  dave = await town.arrive('Dave')
  space = await ann.api['spaces.create']({ name: 'Friends' })
  for (const guest of [bob, carol]) await joinBy(ann, space, guest)
  await ann.api['members.setRole']({ spaceId: space.spaceId, memberId: selfOf(bob), role: 'admin' })
  await inTimeOf(town, async () => (await spaceOf(bob))?.role, 'admin', 50)
})
afterEach(() => town.end())

async function daveIsStranded(): Promise<void> {
  await away(town, bob)
  await ann.api['members.remove']({ spaceId: space.spaceId, memberId: selfOf(bob) })
  await inTimeOf(town, () => members(carol), ['Ann', 'Carol'], 50)
  await away(town, ann, carol)
  await back(town, bob)
  await joinBy(bob, space, dave)
  await say(dave, 'am I in?')
  await back(town, ann)
  await back(town, carol)
  await inTime(async () => (await spaceOf(bob))?.status.kind, 'removed')
  await inTime(async () => (await spaceOf(dave))?.astray, true)
}

describe('a newcomer whose invitation went with the one who made it', () => {
  it('is told so in the end, is in by another invitation, and has lost nothing', async () => {
    await daveIsStranded()
    expect(await spaceOf(dave)).toMatchObject({ astray: true, uninvited: null })
    await inTime(async () => (await spaceOf(dave))?.uninvited, 'refused')
    expect(await members(ann)).toEqual(['Ann', 'Carol'])
    await expect(say(dave, 'hello?')).rejects.toMatchObject({ code: 'returning' })
    const link = await newLink()
    dave.events.length = 0
    await dave.api['joins.start']({ link })
    expect(await spaceOf(dave)).toMatchObject({ astray: true, uninvited: null })
    await inTime(joinState, 'done')
    expect(await spaceOf(dave)).toMatchObject({ astray: false, uninvited: null })
    for (const one of [ann, carol, dave]) await inTime(() => members(one), ['Ann', 'Carol', 'Dave'])
    const message = await say(dave, 'here I am')
    for (const one of [ann, carol]) await inTime(() => heard(one).includes('here I am'), true)
    await inTime(() => stateOf(dave, message), 'delivered')
    expect(heard(dave)).toEqual(['am I in?', 'here I am'])
    expect(dave.events.map(({ event }) => event)).toEqual(expect.arrayContaining(['join.changed', 'spaces.changed']))
  })

  it('goes on with the other invitation after a restart', async () => {
    await daveIsStranded()
    const link = await newLink()
    await away(town, ann, carol)
    await dave.api['joins.start']({ link })
    expect(await joinState()).toMatch(/working|waiting/)
    await dave.restart()
    for (const one of [ann, carol]) await back(town, one)
    await inTime(joinState, 'done')
    await inTime(() => members(ann), ['Ann', 'Carol', 'Dave'])
  })

  it('is let in by no invitation that it took back, and asks by the first one again', async () => {
    await daveIsStranded()
    const link = await newLink()
    await away(town, ann, carol)
    const { joinId } = await dave.api['joins.start']({ link })
    await dave.api['joins.cancel']({ joinId })
    for (const one of [ann, carol]) await back(town, one)
    const askedBy = new Set<string>()
    for (const { handlers } of [ann, carol]) {
      const { onJoin } = handlers
      handlers.onJoin = (from, request) => {
        askedBy.add(request.invitationId)
        return onJoin(from, request)
      }
    }
    await inTime(async () => (await spaceOf(dave))?.uninvited, 'refused')
    expect(askedBy.size).toBe(1)
    expect(askedBy).not.toContain(parseLink(link)?.invitationId)
    expect(await members(ann)).toEqual(['Ann', 'Carol'])
    await dave.api['joins.start']({ link })
    await inTime(joinState, 'done')
  })

  it('is not in by the other invitation while it waits, also where what is here is found to be older than what it did', async () => {
    await daveIsStranded()
    const link = await newLink()
    await away(town, ann, carol)
    await dave.api['joins.start']({ link })
    dave.store.transaction((tx) => forgetAstray(tx, groupOf(dave)))
    for (let i = 0; i < 5; i++) {
      await inTime(joinState, 'waiting')
      town.clock.advance(60_000)
    }
    await expect(say(dave, 'in?')).rejects.toMatchObject({ code: 'returning' })
  })

  it('may give the same link twice, and cannot join by one where it is no stranger', async () => {
    await daveIsStranded()
    const link = await newLink()
    const [first, second] = [await dave.api['joins.start']({ link }), await dave.api['joins.start']({ link })]
    expect(second.joinId).toBe(first.joinId)
    await inTime(joinState, 'done')
    await expect(dave.api['joins.start']({ link })).rejects.toMatchObject({ code: 'already-member' })
    await expect(carol.api['joins.start']({ link })).rejects.toMatchObject({ code: 'already-member' })
  })

  it('is told when the other invitation is withdrawn, too', async () => {
    await daveIsStranded()
    const { spaceId } = space
    const { link, invitationId } = await ann.api['invitations.create']({ spaceId, role: 'member', maxUses: 1, expiresInMs: 3_600_000 })
    await ann.api['invitations.revoke']({ spaceId, invitationId })
    await dave.api['joins.start']({ link: link ?? '' })
    await inTime(async () => (await spaceOf(dave))?.uninvited, 'refused')
    expect(groupOf(dave)).toBe(groupOf(ann))
  })
})
