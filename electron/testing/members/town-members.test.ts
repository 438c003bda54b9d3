import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MemberId } from '../../../shared/domain/ids.ts'
import type { Space } from '../../../shared/domain/models.ts'
import { UNPROVEN } from '../../sync/group/membership.ts'
import {
  away,
  back,
  channelOf,
  eventually,
  groupOf,
  heard,
  inTime as inTimeOf,
  joinBy,
  makeTown,
  say,
  selfOf,
  stateOf,
} from '../fixtures/town.ts'
import type { Resident, Town } from '../fixtures/town.ts'

/** Whole messengers with real MLS: who comes, goes, and may what. */
let town: Town
let alice: Resident
let bob: Resident
let carol: Resident
let space: Space

const DAY = 24 * 3_600_000
const members = async (resident: Resident) =>
  (await resident.api['members.list']({ spaceId: space.spaceId })).map((m) => `${m.name} ${m.role}`)
const spaceOf = async (resident: Resident) => (await resident.api['spaces.list']({})).find((s) => s.spaceId === space.spaceId)
const statusOf = async (resident: Resident) => (await spaceOf(resident))?.status.kind
/** As time goes by: what could not be taken at once is tried again a little later. */
const inTime = (what: () => unknown, expected: unknown) => inTimeOf(town, what, expected, 50)
const talks = async (from: Resident, text: string, to: readonly Resident[]) => {
  const message = await say(from, text)
  for (const one of to) await inTime(() => heard(one).includes(text), true)
  await inTime(() => stateOf(from, message), 'delivered')
}
const tip = (resident: Resident) => resident.store.groups.get(groupOf(alice))?.tip
const leafOf = (resident: Resident) => resident.store.identities.get(groupOf(resident))
const remove = (by: Resident, whom: MemberId) => by.api['members.remove']({ spaceId: space.spaceId, memberId: whom })
const leave = (who: Resident) => who.api['spaces.leave']({ spaceId: space.spaceId })
const setRole = (by: Resident, whom: MemberId, role: 'owner' | 'admin' | 'moderator' | 'member' | 'guest') =>
  by.api['members.setRole']({ spaceId: space.spaceId, memberId: whom, role })

beforeEach(async () => {
  town = await makeTown('town members')
  ;[alice, bob, carol] = [await town.arrive('Alice'), await town.arrive('Bob'), await town.arrive('Carol')]
  space = await alice.api['spaces.create']({ name: 'Friends' })
  await joinBy(alice, space, bob)
  await joinBy(alice, space, carol)
  await talks(alice, 'hello', [bob, carol])
})
afterEach(() => town.end())

describe('a member who is removed', () => {
  it('is told of what it wrote before it heard of that, and nobody has', async () => {
    await away(town, bob, carol)
    await remove(alice, selfOf(bob))
    for (const one of [alice, carol]) town.hub.partition(bob.peerId, one.peerId)
    await back(town, bob)
    const message = await say(bob, 'anybody there?')
    expect(await stateOf(bob, message)).toBe('stored')
    bob.events.length = 0
    for (const one of [alice, carol]) town.hub.heal(bob.peerId, one.peerId)
    await inTime(() => statusOf(bob), 'removed')
    await inTime(() => stateOf(bob, message), 'failed')
    expect(bob.events.filter(({ event }) => event === 'message.changed').at(-1)?.data).toMatchObject({ delivery: { state: 'failed' } })
    expect(heard(alice)).not.toContain('anybody there?')
  })

  it('does not come back by the link it came by, though others may still have used it', async () => {
    const invite = () => alice.api['invitations.create']({ spaceId: space.spaceId, role: 'member', maxUses: null, expiresInMs: DAY })
    const [{ link }, { link: next }] = [await invite(), await invite()]
    await remove(alice, selfOf(bob))
    await inTime(() => statusOf(bob), 'removed')
    await bob.api['spaces.forget']({ spaceId: space.spaceId })
    await inTime(() => bob.store.groups.list(), [])
    for (const known of [link, next]) {
      const { joinId } = await bob.api['joins.start']({ link: known ?? '' })
      const state = async () => (await bob.api['joins.list']({})).find((join) => join.joinId === joinId)?.state
      await inTime(async () => (await state())?.kind, 'refused')
      expect(await state()).toMatchObject({ code: 'invitation-revoked' })
    }
    expect((await joinBy(alice, space, bob)).state.kind).toBe('done')
  })

  it('learns it at once, keeps what it has, reads nothing new, and the others go on', async () => {
    await remove(alice, selfOf(bob))
    await inTime(() => statusOf(bob), 'removed')
    expect((await spaceOf(bob))?.status).toMatchObject({ by: 'Alice' })
    await talks(alice, 'without Bob', [carol])
    await talks(carol, 'indeed', [alice])
    expect(heard(bob)).toEqual(['hello'])
    expect(bob.messenger.connection().peers.flatMap((peer) => peer.members)).toEqual([])
    expect(alice.messenger.connection().peers.flatMap((peer) => peer.members.map((m) => m.name))).toEqual(['Carol'])
    await expect(say(bob, 'let me in')).rejects.toMatchObject({ code: 'not-member' })
    expect(await members(alice)).toEqual(['Alice owner', 'Carol member'])
    expect(await members(carol)).toEqual(['Alice owner', 'Carol member'])
    // With Bob only as a stranger, to whom no more than commits are brought.
    const proven = () => alice.messenger.network.sessions().filter((s) => s.shared.some(({ memberId }) => memberId !== UNPROVEN))
    await inTime(() => proven().length, 1)
    await back(town, bob)
    expect(await statusOf(bob)).toBe('removed')
    expect(heard(bob)).toEqual(['hello'])
  })

  it('while it is away learns it when it comes back, from whomever it meets', async () => {
    await away(town, bob)
    await remove(alice, selfOf(bob))
    await talks(alice, 'without Bob', [carol])
    await away(town, alice)
    await back(town, bob)
    await inTime(() => statusOf(bob), 'removed')
    expect(heard(bob)).toEqual(['hello'])
  })

  it('also after other changes, and another removal, that it missed', async () => {
    const dave = await town.arrive('Dave')
    await joinBy(alice, space, dave)
    await inTime(() => members(bob).then((m) => m.length), 4)
    await away(town, bob)
    await alice.api['spaces.rename']({ spaceId: space.spaceId, name: 'Old friends' })
    await remove(alice, selfOf(dave))
    await alice.api['channels.create']({ spaceId: space.spaceId, name: 'music', kind: 'open' })
    await remove(alice, selfOf(bob))
    await talks(alice, 'the two of us', [carol])
    await back(town, bob)
    await inTime(() => statusOf(bob), 'removed')
    expect((await spaceOf(bob))?.name).toBe('Old friends')
    expect(heard(bob)).toEqual(['hello'])
  })

  it('is no hindrance to one who stays and was away: they know each other by the key from before', async () => {
    await away(town, carol)
    await remove(alice, selfOf(bob))
    await inTime(() => statusOf(bob), 'removed')
    await say(alice, 'are you there, Carol?')
    await back(town, carol)
    await inTime(() => heard(carol), ['hello', 'are you there, Carol?'])
    await talks(carol, 'now I am', [alice])
    expect(tip(carol)).toBe(tip(alice))
  })

  it('can delete what is left, all of it, and come in again by another invitation', async () => {
    await remove(alice, selfOf(bob))
    await inTime(() => statusOf(bob), 'removed')
    await bob.api['spaces.forget']({ spaceId: space.spaceId })
    expect(await bob.api['spaces.list']({})).toEqual([])
    await inTime(() => bob.store.groups.list(), [])
    expect(bob.store.messages.page(channelOf(alice), 10, null).messages).toEqual([])
    expect(bob.store.peers.list()).toEqual([])
    await joinBy(alice, space, bob)
    await talks(bob, 'here again', [alice, carol])
    expect(await members(carol)).toEqual(['Alice owner', 'Bob member', 'Carol member'])
  })

  it('takes its open invitations along', async () => {
    const made = await bob.api['invitations.create']({ spaceId: space.spaceId, role: 'member', maxUses: null, expiresInMs: DAY })
    await inTime(
      () => alice.api['invitations.list']({ spaceId: space.spaceId }).then((l) => l.some((i) => i.invitationId === made.invitationId)),
      true,
    )
    await remove(alice, selfOf(bob))
    await inTime(() => statusOf(bob), 'removed')
    const dave = await town.arrive('Dave')
    const { joinId } = await dave.api['joins.start']({ link: made.link ?? '' })
    await inTime(
      async () => (await dave.api['joins.list']({})).find((j) => j.joinId === joinId)?.state,
      expect.objectContaining({ code: 'invitation-revoked' }),
    )
  })

  it('is not removed by whoever may not, and nothing changes', async () => {
    const before = tip(alice)
    await expect(remove(bob, selfOf(carol))).rejects.toMatchObject({ code: 'not-permitted' })
    await expect(remove(bob, selfOf(alice))).rejects.toMatchObject({ code: 'not-permitted' })
    await expect(remove(alice, selfOf(alice))).rejects.toMatchObject({ code: 'invalid' })
    await expect(remove(alice, 'ee'.repeat(16) as MemberId)).rejects.toMatchObject({ code: 'not-found' })
    expect(tip(alice)).toBe(before)
  })
})

describe('leaving', () => {
  it('is done at once where somebody is connected: the space is gone here, and the others know', async () => {
    await leave(bob)
    await inTime(() => bob.store.groups.list(), [])
    expect(await bob.api['spaces.list']({})).toEqual([])
    await inTime(() => members(alice), ['Alice owner', 'Carol member'])
    await inTime(() => members(carol), ['Alice owner', 'Carol member'])
    await talks(carol, 'Bob left', [alice])
    expect(bob.store.settings.get(`group-ended/${space.spaceId}`)).toBeNull()
    expect(bob.store.settings.get(`leave-offer/${space.spaceId}`)).toBeNull()
  })

  it('with nobody there waits, also across restarts, until one of them is, whatever their role', async () => {
    await setRole(alice, selfOf(carol), 'guest')
    await inTime(() => spaceOf(carol).then((s) => s?.role), 'guest')
    await away(town, alice)
    await away(town, carol)
    await leave(bob)
    await expect(say(bob, 'one more thing')).rejects.toMatchObject({ code: 'not-member' })
    expect(await statusOf(bob)).toBe('leaving')
    await back(town, bob)
    expect(await statusOf(bob)).toBe('leaving')
    await back(town, carol)
    await inTime(() => bob.store.groups.list(), [])
    await inTime(() => members(carol), ['Alice owner', 'Carol guest'])
    await back(town, alice)
    await inTime(() => members(alice), ['Alice owner', 'Carol guest'])
    await talks(alice, 'just us', [carol])
  })

  it('is over after thirty days, whether or not anybody could be told', async () => {
    await away(town, alice)
    await away(town, carol)
    await leave(bob)
    town.clock.advance(29 * DAY)
    expect(await statusOf(bob)).toBe('leaving')
    await back(town, bob)
    await inTime(() => statusOf(bob), 'leaving')
    town.clock.advance(2 * DAY)
    await eventually(() => bob.store.groups.list(), [])
  })

  it('goes on where it was interrupted: when a member committed it and the answer was lost', async () => {
    const { onLeave } = alice.handlers
    alice.handlers.onLeave = async (...asked) => {
      await onLeave(...asked)
      throw new Error('the line broke')
    }
    await away(town, carol)
    await leave(bob)
    await inTime(() => members(alice), ['Alice owner', 'Carol member'])
    alice.handlers.onLeave = onLeave
    await back(town, bob)
    await inTime(() => bob.store.groups.list(), [])
  })

  it('alone deletes the space', async () => {
    const dave = await town.arrive('Dave')
    const own = await dave.api['spaces.create']({ name: 'Mine' })
    expect((await dave.api['spaces.list']({}))[0]?.may.leave).toBe(true)
    await dave.api['spaces.leave']({ spaceId: own.spaceId })
    await eventually(() => dave.store.groups.list(), [])
    expect(await dave.api['spaces.list']({})).toEqual([])
  })

  it('is not open to the last owner while others are there, nor is stepping down; once there is another, it is', async () => {
    expect((await spaceOf(alice))?.may.leave).toBe(false)
    await expect(leave(alice)).rejects.toMatchObject({ code: 'last-owner' })
    await expect(setRole(alice, selfOf(alice), 'admin')).rejects.toMatchObject({ code: 'last-owner' })
    await setRole(alice, selfOf(bob), 'owner')
    expect((await spaceOf(alice))?.may.leave).toBe(true)
    await leave(alice)
    await inTime(() => alice.store.groups.list(), [])
    expect(await members(bob)).toEqual(['Bob owner', 'Carol member'])
    await inTime(() => members(carol), ['Bob owner', 'Carol member'])
  })

  it('of two owners at once leaves one of them', async () => {
    await setRole(alice, selfOf(bob), 'owner')
    await inTime(() => spaceOf(bob).then((s) => s?.role), 'owner')
    await inTime(() => tip(carol) === tip(alice), true)
    await away(town, carol)
    await away(town, alice)
    await leave(bob)
    const leafThen = leafOf(bob)
    await away(town, bob)
    await back(town, alice)
    await leave(alice)
    await back(town, carol)
    await inTime(() => alice.store.groups.list(), [])
    await back(town, bob)
    await inTime(() => statusOf(bob), 'member')
    await inTime(async () => (await spaceOf(bob))?.returning, false)
    // What he said when he wanted to go says nothing of him now.
    expect(leafOf(bob)).not.toEqual(leafThen)
    const told = async () => (await bob.api['connection.status']({})).unmet
    expect(await told()).toMatchObject([{ kind: 'leave', spaceId: space.spaceId, spaceName: space.name, channelName: '' }])
    await talks(bob, 'so I stay', [carol])
    await bob.restart()
    const [unmet] = await told()
    if (unmet === undefined) throw new Error('it is told until it is dismissed')
    await bob.api['connection.dismissUnmet']({ unmetIds: [unmet.unmetId] })
    expect(await told()).toEqual([])
    await bob.restart()
    expect(await told()).toEqual([])
  })
})

describe('a role', () => {
  it('that is changed lets one do what it gives, and takes what it does not', async () => {
    await setRole(alice, selfOf(carol), 'guest')
    await inTime(() => spaceOf(carol).then((s) => s?.may.invite), false)
    await setRole(alice, selfOf(carol), 'moderator')
    await inTime(() => spaceOf(carol).then((s) => s?.may.remove), true)
    const dave = await town.arrive('Dave')
    await joinBy(carol, space, dave)
    await remove(carol, selfOf(bob))
    await inTime(() => statusOf(bob), 'removed')
    expect(await members(carol)).toEqual(['Alice owner', 'Carol moderator', 'Dave member'])
    await expect(setRole(carol, selfOf(carol), 'admin')).rejects.toMatchObject({ code: 'not-permitted' })
    await inTime(() => tip(alice) === tip(carol), true)
  })

  it('tells the window what may be done to whom', async () => {
    const may = async (who: Resident) =>
      Object.fromEntries((await who.api['members.list']({ spaceId: space.spaceId })).map((m) => [m.name, m.may]))
    expect(await may(alice)).toEqual({
      Alice: { remove: false, verify: false, roles: [], message: false },
      Bob: { remove: true, verify: true, roles: ['owner', 'admin', 'moderator', 'guest'], message: true },
      Carol: { remove: true, verify: true, roles: ['owner', 'admin', 'moderator', 'guest'], message: true },
    })
    expect(await may(bob)).toEqual({
      Alice: { remove: false, verify: true, roles: [], message: true },
      Bob: { remove: false, verify: false, roles: ['guest'], message: false },
      Carol: { remove: false, verify: true, roles: [], message: true },
    })
  })
})

describe('a safety number', () => {
  it('is the same on both sides, another for everybody else, and remembered as compared on this device alone', async () => {
    const number = (who: Resident, whom: Resident, verified: boolean | null = null) =>
      who.api['members.verify']({ spaceId: space.spaceId, memberId: selfOf(whom), verified })
    const shown = await number(alice, bob)
    expect(shown).toEqual({
      memberId: selfOf(bob),
      safetyNumber: expect.stringMatching(/^(\d{5} ){11}\d{5}$/) as string,
      verified: false,
    })
    expect((await number(bob, alice)).safetyNumber).toBe(shown.safetyNumber)
    expect((await number(alice, carol)).safetyNumber).not.toBe(shown.safetyNumber)
    expect((await number(alice, bob, true)).verified).toBe(true)
    await back(town, alice)
    const verified = async (who: Resident) =>
      (await who.api['members.list']({ spaceId: space.spaceId })).filter((m) => m.verified).map((m) => m.name)
    expect(await verified(alice)).toEqual(['Alice', 'Bob'])
    expect(await verified(bob)).toEqual(['Bob'])
    expect((await number(alice, bob, false)).verified).toBe(false)
    await expect(number(alice, alice)).rejects.toMatchObject({ code: 'invalid' })
  })
})

describe('a space', () => {
  it('is renamed, and its channels, and what newcomers are given is set, by those who may', async () => {
    const { spaceId } = space
    expect((await alice.api['spaces.rename']({ spaceId, name: 'Old friends' })).name).toBe('Old friends')
    await alice.api['channels.rename']({ channelId: channelOf(alice), name: 'lobby' })
    expect(await alice.api['spaces.setHistory']({ spaceId, history: { kind: 'last', count: 50 } })).toEqual({ kind: 'last', count: 50 })
    await inTime(() => spaceOf(bob).then((s) => [s?.name, s?.channels[0]?.name]), ['Old friends', 'lobby'])
    await inTime(() => bob.api['spaces.history']({ spaceId }), { kind: 'last', count: 50 })
    await expect(bob.api['spaces.rename']({ spaceId, name: 'Mine' })).rejects.toMatchObject({ code: 'not-permitted' })
    await expect(bob.api['channels.rename']({ channelId: channelOf(bob), name: 'mine' })).rejects.toMatchObject({ code: 'not-permitted' })
    await expect(bob.api['spaces.setHistory']({ spaceId, history: { kind: 'all' } })).rejects.toMatchObject({ code: 'not-permitted' })
    const before = tip(alice)
    await alice.api['spaces.rename']({ spaceId, name: 'Old friends' })
    expect(tip(alice)).toBe(before)
  })
})
