import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Space } from '../../../shared/domain/models.ts'
import { pathTo } from '../../sync/group/epoch-store.ts'
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

/** SPEC.md R8. Ann removes Bob, and invites him again. */
let town: Town
let ann: Resident
let bob: Resident
let carol: Resident
let space: Space

const inTime = (what: () => unknown, expected: unknown) => inTimeOf(town, what, expected, 500)
const statusOf = async (resident: Resident) => (await spaceOf(resident))?.status.kind
const newLink = async (host = ann, maxUses: number | null = null) =>
  (await host.api['invitations.create']({ spaceId: space.spaceId, role: 'member', maxUses, expiresInMs: 3_600_000 })).link ?? ''
const joinState = async () => (await bob.api['joins.list']({})).at(-1)?.state
const isBack = async () => {
  await inTime(async () => (await joinState())?.kind, 'done')
  for (const one of [ann, bob, carol]) await inTime(() => namesIn(space, one), ['Ann', 'Bob', 'Carol'])
}
const talks = async (author: Resident, text: string, to: readonly Resident[]) => {
  const message = await say(author, text)
  for (const one of to) await inTime(() => heard(one).includes(text), true)
  return message
}

beforeEach(async () => {
  town = await makeTown('invited again')
  ;[ann, bob, carol] = [await town.arrive('Ann'), await town.arrive('Bob'), await town.arrive('Carol')]
  space = await ann.api['spaces.create']({ name: 'Friends' })
  for (const guest of [bob, carol]) await joinBy(ann, space, guest)
  await talks(ann, 'hello', [bob, carol])
  await talks(bob, 'good day', [ann, carol])
})
afterEach(() => town.end())

const awayIn = async (resident: Resident) => (await spaceOf(resident))?.channels[0]?.away
const groupTip = (resident: Resident) => resident.messenger.group(groupOf(resident)).tip.row.tip

const removesBob = async () => {
  await ann.api['members.remove']({ spaceId: space.spaceId, memberId: selfOf(bob) })
  await inTime(() => statusOf(bob), 'removed')
  await inTime(() => namesIn(space, carol), ['Ann', 'Carol'])
}

describe('somebody who was removed and is invited again', () => {
  it('comes back to what it has as who it was, and goes on from there', async () => {
    const before = selfOf(bob)
    await removesBob()
    await talks(carol, 'without Bob', [ann])
    await bob.api['joins.start']({ link: await newLink() })
    await isBack()
    expect(selfOf(bob)).toBe(before)
    expect(await spaceOf(bob)).toMatchObject({ status: { kind: 'member' }, role: 'member', astray: false, returning: false })
    await talks(ann, 'welcome back', [bob, carol])
    const thanks = await talks(bob, 'thank you', [ann, carol])
    await inTime(() => stateOf(bob, thanks), 'delivered')
    expect(heard(bob)).toEqual(['hello', 'good day', 'welcome back', 'thank you'])
    await inTime(() => bob.messenger.connection().missing, [])
    expect(await awayIn(bob)).toHaveLength(1)
    expect(await awayIn(carol)).toEqual([])
    expect(heard(carol)).toEqual(['hello', 'good day', 'without Bob', 'welcome back', 'thank you'])
  })

  it('is not let in by an invitation from before, is told so at once, and keeps what is here', async () => {
    const [link, single] = [await newLink(), await newLink(ann, 1)]
    await removesBob()
    for (const old of [link, single]) {
      await bob.api['joins.start']({ link: old })
      await inTime(async () => (await joinState())?.kind, 'refused')
      expect(await joinState()).toMatchObject({ code: 'removed' })
    }
    expect(await statusOf(bob)).toBe('removed')
    expect(heard(bob)).toEqual(['hello', 'good day'])
    expect(await namesIn(space, ann)).toEqual(['Ann', 'Carol'])
  })

  it('is as before where it calls that off, and may be invited once more', async () => {
    await removesBob()
    const link = await newLink()
    await away(town, ann, carol)
    const { joinId } = await bob.api['joins.start']({ link })
    await inTime(async () => (await joinState())?.kind, 'waiting')
    await bob.api['joins.cancel']({ joinId })
    expect(await statusOf(bob)).toBe('removed')
    for (const one of [ann, carol]) await back(town, one)
    town.clock.advance(60_000)
    expect(await namesIn(space, ann)).toEqual(['Ann', 'Carol'])
    await bob.api['joins.start']({ link })
    await isBack()
  })

  it('goes on after a restart, also where it was removed so long ago that it listens no more', async () => {
    await removesBob()
    town.clock.advance(31 * 24 * 3_600_000)
    await bob.restart()
    const link = await newLink()
    await away(town, ann)
    await bob.api['joins.start']({ link })
    await bob.restart()
    await back(town, ann)
    await isBack()
    await talks(bob, 'at last', [ann, carol])
  })

  it('asks for nothing again that it once asked, and is told of nothing that was not done', async () => {
    const { spaceId } = space
    await ann.api['members.setRole']({ spaceId, memberId: selfOf(bob), role: 'admin' })
    await inTime(async () => (await spaceOf(bob))?.role, 'admin')
    await bob.api['spaces.rename']({ spaceId, name: 'Bobs' })
    await inTime(async () => (await spaceOf(ann))?.name, 'Bobs')
    await ann.api['spaces.rename']({ spaceId, name: 'Anns' })
    await removesBob()
    await bob.api['joins.start']({ link: await newLink() })
    await isBack()
    for (let i = 0; i < 200; i += 1) await inTime(async () => (await spaceOf(bob))?.name, 'Anns')
    expect(bob.messenger.connection().unmet).toEqual([])
  })

  it('is given what was said meanwhile as far as newcomers are', async () => {
    const { spaceId } = space
    await ann.api['spaces.setHistory']({ spaceId, history: { kind: 'all' } })
    await removesBob()
    await talks(carol, 'without Bob', [ann])
    town.clock.advance(600_000)
    await bob.api['joins.start']({ link: await newLink() })
    await isBack()
    await inTime(() => heard(bob), ['hello', 'good day', 'without Bob'])
  })

  it('sends what it wrote before it heard of that', async () => {
    await away(town, bob)
    await ann.api['members.remove']({ spaceId: space.spaceId, memberId: selfOf(bob) })
    for (const one of [ann, carol]) town.hub.partition(bob.peerId, one.peerId)
    await back(town, bob)
    const message = await say(bob, 'anybody there?')
    for (const one of [ann, carol]) town.hub.heal(bob.peerId, one.peerId)
    await inTime(() => statusOf(bob), 'removed')
    expect(await stateOf(bob, message)).not.toBe('delivered')
    await bob.api['joins.start']({ link: await newLink() })
    await isBack()
    for (const one of [ann, carol]) await inTime(() => heard(one), ['hello', 'good day', 'anybody there?'])
    await inTime(() => stateOf(bob, message), 'delivered')
  })

  it('sends that to those alone who were shown when it was written, not to who came in between', async () => {
    await away(town, bob)
    await ann.api['members.remove']({ spaceId: space.spaceId, memberId: selfOf(bob) })
    for (const one of [ann, carol]) town.hub.partition(bob.peerId, one.peerId)
    await back(town, bob)
    const message = await say(bob, 'between us')
    const eve = await town.arrive('Eve')
    await joinBy(ann, space, eve)
    await inTime(() => namesIn(space, carol), ['Ann', 'Carol', 'Eve'])
    for (const one of [ann, carol]) town.hub.heal(bob.peerId, one.peerId)
    await inTime(() => statusOf(bob), 'removed')
    await ann.api['spaces.setHistory']({ spaceId: space.spaceId, history: { kind: 'all' } })
    await bob.api['joins.start']({ link: await newLink() })
    await inTime(async () => (await joinState())?.kind, 'done')
    for (const one of [ann, carol]) await inTime(() => heard(one).includes('between us'), true)
    await inTime(() => stateOf(bob, message), 'delivered')
    await talks(bob, 'to all', [ann, carol, eve])
    for (let i = 0; i < 100; i += 1) await inTime(() => true, true)
    expect(heard(eve)).not.toContain('between us')
    expect(eve.messenger.connection().missing).toEqual([])
  })

  it('is known to who came in between, to whom nothing of before is missing', async () => {
    await removesBob()
    const eve = await town.arrive('Eve')
    await joinBy(ann, space, eve)
    await bob.api['joins.start']({ link: await newLink() })
    await inTime(async () => (await joinState())?.kind, 'done')
    await talks(bob, 'who is Eve?', [ann, carol, eve])
    await talks(eve, 'I am', [ann, bob, carol])
    await inTime(() => eve.messenger.connection().missing, [])
  })

  it('is let in again where the commit that let it in lost', async () => {
    const dave = await town.arrive('Dave')
    await joinBy(ann, space, dave)
    await ann.api['members.setRole']({ spaceId: space.spaceId, memberId: selfOf(carol), role: 'admin' })
    await inTime(async () => (await spaceOf(carol))?.role, 'admin')
    await ann.api['members.remove']({ spaceId: space.spaceId, memberId: selfOf(bob) })
    for (const one of [carol, dave]) await inTime(() => namesIn(space, one), ['Ann', 'Carol', 'Dave'])
    await inTime(() => statusOf(bob), 'removed')
    const link = await newLink(carol)
    const isKnownTo = (one: Resident) => one.api['invitations.list']({ spaceId: space.spaceId }).then((l) => l.length === 1)
    for (const one of [ann, dave]) await inTime(() => isKnownTo(one), true)
    await away(town, ann, dave)
    await bob.api['joins.start']({ link })
    await inTime(async () => (await joinState())?.kind, 'done')
    const lost = groupTip(bob)
    await say(bob, 'early')
    await away(town, carol, bob)
    for (const one of [ann, dave]) await back(town, one)
    await ann.api['channels.create']({ spaceId: space.spaceId, name: 'by Ann', kind: 'open' })
    await talks(dave, 'here', [ann])
    for (const one of [carol, bob]) await back(town, one)
    for (const one of [ann, bob, carol, dave]) await inTime(() => namesIn(space, one), ['Ann', 'Bob', 'Carol', 'Dave'])
    await inTime(async () => (await spaceOf(bob))?.returning, false)
    expect(pathTo(ann.store, groupOf(ann), groupTip(ann)).map(({ eid }) => eid)).not.toContain(lost)
    for (const one of [ann, carol, dave]) await inTime(() => heard(one).includes('early'), true)
    await talks(bob, 'late', [ann, carol, dave])
  })

  it('brings what led to it to members who missed that, where whoever let it in is gone', async () => {
    await ann.api['members.setRole']({ spaceId: space.spaceId, memberId: selfOf(carol), role: 'admin' })
    await inTime(async () => (await spaceOf(carol))?.role, 'admin')
    await removesBob()
    await away(town, ann)
    await bob.api['joins.start']({ link: await newLink(carol) })
    await inTime(async () => (await joinState())?.kind, 'done')
    await away(town, carol)
    await back(town, ann)
    await inTime(() => namesIn(space, ann), ['Ann', 'Bob', 'Carol'])
    await talks(bob, 'it was Carol', [ann])
  })

  it('can be removed once more, and be back once more', async () => {
    for (let time = 0; time < 2; time += 1) {
      await removesBob()
      await bob.api['joins.start']({ link: await newLink() })
      await isBack()
    }
    await talks(bob, 'again', [ann, carol])
    await removesBob()
    expect(heard(bob)).toEqual(['hello', 'good day', 'again'])
  })

  it('may delete what is here instead, which ends that join', async () => {
    await removesBob()
    const link = await newLink()
    await away(town, ann, carol)
    await bob.api['joins.start']({ link })
    await bob.api['spaces.forget']({ spaceId: space.spaceId })
    expect(await joinState()).toMatchObject({ kind: 'cancelled' })
    await inTime(() => bob.store.groups.list(), [])
    for (const one of [ann, carol]) await back(town, one)
    await bob.api['joins.start']({ link })
    await inTime(async () => (await joinState())?.kind, 'done')
    await inTime(() => namesIn(space, ann), ['Ann', 'Bob', 'Carol'])
    expect(heard(bob)).toEqual([])
  })

  it('stays deleted where that is asked for while it comes in', async () => {
    const { engine } = bob.messenger.groupDeps
    const join = engine.join.bind(engine)
    let opened = 0
    const spy = vi.spyOn(engine, 'join').mockImplementation(async (...request) => {
      const joined = await join(...request)
      // Once to see whether it opens, and once to go there.
      if (++opened === 2) void bob.api['spaces.forget']({ spaceId: space.spaceId })
      return joined
    })
    try {
      await removesBob()
      await bob.api['joins.start']({ link: await newLink() })
      await inTime(() => opened >= 2 && bob.store.groups.list().length, 0)
    } finally {
      spy.mockRestore()
    }
    expect((await joinState())?.kind).not.toBe('done')
    expect(await bob.api['spaces.list']({})).toEqual([])
  })
})
