import { beforeEach, describe, expect, it } from 'vitest'
import type { Eid, GroupId, MemberId, PeerId } from '../../../shared/domain/ids.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { UNPROVEN } from '../../sync/group/membership.ts'
import { FakeClock } from '../../testing/fakes/fake-clock.ts'
import { createMemoryStore } from '../../testing/fakes/memory-store.ts'
import { Apart } from './apart.ts'

const idOf = <T extends string>(n: number): T => n.toString(16).padStart(32, '0') as T
const groupId = idOf<GroupId>(1)
const [ours, theirs] = [idOf<Eid>(10), idOf<Eid>(11)]
const [self, bob, carol, gone] = [20, 21, 22, 23].map((n) => idOf<MemberId>(n)) as [MemberId, MemberId, MemberId, MemberId]

/** No more of a group than is looked at: where it is, and who is in it. `known`: the epochs that are here. */
const groupOf = (members: readonly MemberId[], owners: readonly MemberId[] = [], known: ReadonlySet<Eid> = new Set([ours])): LiveGroup => {
  const group: unknown = {
    groupId,
    progressedAt: 0,
    arriving: 0,
    deps: { store: { ...createMemoryStore(), mls: { epoch: (_: GroupId, eid: Eid) => (known.has(eid) ? {} : null), epochs: () => [] } } },
    self,
    tip: { row: { tip: ours, joinedEpoch: 5 }, settings: { roles: new Map(owners.map((owner) => [owner, 'owner'])) } },
    members: () => members.map((memberId) => ({ memberId })),
  }
  return group as LiveGroup
}

const peer = (memberId: MemberId) => ({ peerId: `peer of ${memberId}` as PeerId, memberId })
const elsewhere = { eid: theirs, epoch: 9, known: [theirs, ours], senders: [{ memberId: bob, seq: 0 }] }
const here = { ...elsewhere, eid: ours, known: [ours] }
/** Whom this device knows from before, though they prove nothing. */
const acquainted = new Map<PeerId, MemberId>()
const identify = (_: LiveGroup, peerId: PeerId): MemberId => acquainted.get(peerId) ?? UNPROVEN

describe('a device that meets members who are elsewhere', () => {
  let clock: FakeClock
  let apart: Apart
  const pair = groupOf([self, bob])
  const three = groupOf([self, bob, carol])
  let told: number
  beforeEach(() => {
    clock = new FakeClock()
    told = 0
    apart = new Apart({ clock, identify, strangers: () => (told += 1) })
  })

  it('believes them once what is missing had time to come', () => {
    expect(apart.note(pair, peer(bob), elsewhere, true)).toBe(false)
    clock.advance(20_000)
    expect(apart.note(pair, peer(bob), elsewhere, true)).toBe(true)
  })

  it('believes nobody who just came to where it is, but for a while only: where many come and go they never stay', () => {
    const [next, last] = [idOf<Eid>(12), idOf<Eid>(13)].map((eid) => ({ ...elsewhere, eid, known: [eid, ours] })) as [
      typeof elsewhere,
      typeof elsewhere,
    ]
    apart.note(pair, peer(bob), elsewhere, true)
    clock.advance(19_000)
    expect(apart.note(pair, peer(bob), next, true)).toBe(false)
    clock.advance(19_999)
    expect(apart.note(pair, peer(bob), next, true)).toBe(false)
    clock.advance(1)
    expect(apart.note(pair, peer(bob), next, true)).toBe(true)
    clock.advance(20_999)
    expect(apart.note(pair, peer(bob), last, true)).toBe(false)
    clock.advance(1)
    expect(apart.note(pair, peer(bob), last, true)).toBe(true)
  })

  it('counts no time in which nobody was connected who could have brought it', () => {
    apart.note(pair, peer(bob), elsewhere, true)
    apart.closed(peer(bob).peerId)
    clock.advance(60_000)
    expect(apart.note(pair, peer(bob), elsewhere, true)).toBe(false)
  })

  it('begins to wait anew for what appeared once the epoch it had waited for was here, though nobody was compared with in between', () => {
    const known = new Set([ours])
    const group = groupOf([self, bob, carol], [], known)
    apart.note(group, peer(bob), elsewhere, true)
    known.add(theirs)
    clock.advance(20_000)
    const next = { ...elsewhere, eid: idOf<Eid>(12), known: [idOf<Eid>(12), theirs, ours] }
    apart.note(group, peer(carol), next, true)
    expect(apart.note(group, peer(bob), next, true)).toBe(false)
    clock.advance(20_000)
    expect(apart.note(group, peer(bob), next, true)).toBe(true)
  })

  it('waits for what arrived and is not stored yet, as long as that may take a machine that does much else, and no longer', () => {
    const group = groupOf([self, bob])
    apart.note(group, peer(bob), elsewhere, true)
    group.arriving = 1
    clock.advance(59_999)
    expect(apart.note(group, peer(bob), elsewhere, true)).toBe(false)
    clock.advance(1)
    expect(apart.note(group, peer(bob), elsewhere, true)).toBe(true)
    group.arriving = 0
    clock.advance(-1)
    expect(apart.note(group, peer(bob), elsewhere, true)).toBe(true)
  })

  it('waits anew from when anything that arrived was stored: it may be what leads there (R1)', () => {
    const group = groupOf([self, bob])
    apart.note(group, peer(bob), elsewhere, true)
    clock.advance(19_000)
    group.progressedAt = clock.now()
    clock.advance(19_999)
    expect(apart.note(group, peer(bob), elsewhere, true)).toBe(false)
    clock.advance(1)
    expect(apart.note(group, peer(bob), elsewhere, true)).toBe(true)
  })

  it('believes nobody for a while where it was the one to stay, and for longer each time it has to (R9)', () => {
    const isFound = () => apart.note(pair, peer(bob), elsewhere, true)
    for (const ms of [120_000, 480_000, 1_920_000, 3_600_000, 3_600_000]) {
      apart.stays(groupId)
      expect(isFound()).toBe(false)
      clock.advance(ms - 1)
      expect(isFound()).toBe(false)
      clock.advance(1)
      expect(isFound()).toBe(false)
      clock.advance(20_000)
      expect(isFound()).toBe(true)
    }
    clock.advance(3_600_000)
    apart.stays(groupId)
    clock.advance(120_000)
    expect(isFound()).toBe(false)
    clock.advance(20_000)
    expect(isFound()).toBe(true)
  })

  it('does not ask somebody who was removed here, and could bring what is missing', () => {
    apart.note(pair, peer(gone), elsewhere, true)
    clock.advance(120_000)
    expect(apart.note(pair, peer(gone), elsewhere, true)).toBe(false)
  })

  it('asks a member that proves nothing any more, though it shares what was before: it came back there by a fresh leaf', () => {
    const unproven = { ...peer(bob), memberId: UNPROVEN }
    acquainted.set(unproven.peerId, bob)
    apart.note(pair, unproven, elsewhere, true)
    clock.advance(20_000)
    expect(apart.note(pair, unproven, elsewhere, true)).toBe(true)
    acquainted.clear()
  })

  it('believes no strangers, however many they are, unless somebody is with them whom it knows from before', () => {
    const strangers = [1, 2, 3].map((n) => ({ peerId: `stranger ${n}` as PeerId, memberId: UNPROVEN }))
    const unknown = { ...elsewhere, known: [theirs] }
    const all = (): boolean[] => strangers.map((one) => apart.note(three, one, unknown, true))
    all()
    clock.advance(120_000)
    expect(all()).toEqual([false, false, false])
    expect(told).toBe(1)
    acquainted.set('stranger 2' as PeerId, gone)
    expect(all()).toEqual([false, false, false])
    acquainted.set('stranger 2' as PeerId, bob)
    expect(all()).toEqual([false, true, true])
    acquainted.clear()
  })

  it('believes the only owner alone after a while, however many are where it is; not one of several, and nobody else', () => {
    const [one, two] = [groupOf([self, bob, carol], [bob]), groupOf([self, bob, carol], [bob, self])]
    for (const [group, believes] of [
      [one, true],
      [two, false],
      [three, false],
    ] as const) {
      apart = new Apart({ clock, identify, strangers: () => (told += 1) })
      apart.note(group, peer(carol), here, false)
      apart.note(group, peer(bob), elsewhere, true)
      clock.advance(59_999)
      expect(apart.note(group, peer(bob), elsewhere, true)).toBe(false)
      clock.advance(1)
      expect(apart.note(group, peer(bob), elsewhere, true)).toBe(believes)
    }
  })

  it.each([
    ['higher', idOf<Eid>(12)],
    ['lower', idOf<Eid>(9)],
  ])('yields to one that does not know its leaf, and not to one whose leaf it does not know, though the name is %s', (_, eid) => {
    const there = { ...elsewhere, eid, known: [eid] }
    const back = { ...peer(bob), memberId: UNPROVEN }
    acquainted.set(back.peerId, bob)
    for (const [who, senders, believes] of [
      [peer(bob), [], true],
      [back, there.senders, false],
    ] as const) {
      apart = new Apart({ clock, identify, strangers: () => (told += 1) })
      apart.note(three, who, { ...there, senders: [...senders] }, true)
      clock.advance(60_000)
      expect(apart.note(three, who, { ...there, senders: [...senders] }, true)).toBe(believes)
    }
    acquainted.clear()
  })

  it('takes the only owner for that one also after it came back by a fresh leaf', () => {
    const owned = groupOf([self, bob, carol], [bob])
    const higher = { ...elsewhere, eid: idOf<Eid>(12), known: [idOf<Eid>(12)] }
    const stranger = { ...peer(bob), memberId: UNPROVEN }
    for (const knows of [false, true]) {
      apart = new Apart({ clock, identify, strangers: () => (told += 1) })
      if (knows) acquainted.set(stranger.peerId, bob)
      apart.note(owned, peer(carol), here, false)
      apart.note(owned, stranger, higher, true)
      clock.advance(60_000)
      expect(apart.note(owned, stranger, higher, true)).toBe(knows)
    }
    acquainted.clear()
  })

  it('follows nobody who may have missed what led here, the only owner neither, and takes them for elsewhere no more', () => {
    const owned = groupOf([self, bob, carol], [bob])
    const behind = { ...elsewhere, epoch: 4, known: [theirs] }
    for (const seconds of [0, 60, 239]) {
      clock.advance(seconds * 1_000)
      for (const who of [bob, carol]) expect(apart.note(owned, peer(who), behind, true)).toBe(false)
    }
    expect([apart.elsewhere(groupId), apart.behind(groupId)]).toEqual([new Set(), new Set([bob, carol].map((who) => peer(who).peerId))])
    // Who knows of where we are, and is elsewhere, has missed nothing.
    const chosen = { ...behind, known: [theirs, ours] }
    for (const who of [bob, carol]) apart.note(owned, peer(who), chosen, true)
    clock.advance(60_000)
    expect(apart.note(owned, peer(bob), chosen, true)).toBe(true)
    expect(apart.behind(groupId)).toEqual(new Set())
  })

  it('does not wait for ever for those who may have missed what led here: it may have come in on a longer branch that lost', () => {
    const behind = { ...elsewhere, epoch: 4, known: [theirs] }
    const meet = () => [bob, carol].map((who) => apart.note(three, peer(who), behind, true))
    meet()
    clock.advance(100_000)
    meet()
    // A session that ends and begins again is no other peer.
    apart.closed(peer(bob).peerId)
    clock.advance(200_000)
    expect([meet(), apart.behind(groupId).size]).toEqual([[false, false], 0])
    clock.advance(20_000)
    expect(meet()).toContain(true)
  })

  it('does not hold on to the word of somebody who is out of the group by now', () => {
    apart.note(three, peer(carol), here, false)
    apart.note(three, peer(bob), elsewhere, true)
    clock.advance(60_000)
    expect(apart.note(three, peer(bob), elsewhere, true)).toBe(false)
    apart.shares(peer(carol).peerId, [])
    expect(apart.note(three, peer(bob), elsewhere, true)).toBe(true)
  })

  it('believes one member no more for being connected more than once', () => {
    const again = { ...peer(bob), peerId: 'another peer of the same' as PeerId }
    apart.note(three, peer(carol), here, false)
    for (let i = 0; i < 3; i++) {
      for (const one of [peer(bob), again]) expect(apart.note(three, one, elsewhere, true)).toBe(false)
      clock.advance(60_000)
    }
  })
})
