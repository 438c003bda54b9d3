import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Eid, MemberId } from '../../../../shared/domain/ids.ts'
import { systemRandom } from '../../../kernel/random.ts'
import type { Frontier, LeaveRequest, ObjectAck, PeerHint, ReturnAnswer, ReturnRequest, WelcomeRequest } from '../../../ports/wire.ts'
import type { FakeGroup } from '../../fakes/fake-membership.ts'
import { connect, createPerson, never, newGroup, pushOf, type NetworkHarness, type Person } from './harness.ts'

export function describeExchange(createHarness: () => NetworkHarness): void {
  describe('exchange', () => {
    let harness: NetworkHarness
    let group: FakeGroup
    let alice: Person
    let bob: Person
    beforeEach(async () => {
      harness = createHarness()
      group = newGroup()
      alice = await createPerson(harness, [group])
      bob = await createPerson(harness, [group])
      await connect(alice, bob)
    })
    afterEach(() => harness.dispose())
    const toBob = (...objects: Uint8Array[]): Promise<ObjectAck[]> =>
      alice.network.push(bob.network.localPeer, pushOf(group, ...objects), never)

    it('brings objects unchanged and one ack for each, in order', async () => {
      const answers: ObjectAck[] = ['stored', 'rejected', 'later', 'unknown-epoch']
      bob.handlers.onPush = async (from, push) => {
        bob.pushes.push({ from, push })
        return answers
      }
      const objects = answers.map(() => systemRandom.bytes(300))
      expect(await toBob(...objects)).toEqual(answers)
      expect(bob.pushes).toEqual([{ from: { groupId: group.groupId, memberId: alice.memberId }, push: pushOf(group, ...objects) }])
    })

    it('works from the side that was dialled, too', async () => {
      expect(await bob.network.push(alice.network.localPeer, pushOf(group, Uint8Array.of(1)), never)).toEqual(['stored'])
      expect(alice.pushes.map((each) => each.from.memberId)).toEqual([bob.memberId])
    })

    it('hands pushes over in the order they were made', async () => {
      await Promise.all(Array.from({ length: 100 }, (_, i) => toBob(Uint8Array.of(i))))
      expect(bob.pushes.map(({ push }) => push.objects[0]?.bytes[0])).toEqual(Array.from({ length: 100 }, (_, i) => i))
    })

    it('brings an object far larger than a frame', async () => {
      const large = systemRandom.bytes(1_500_000)
      const [acks, small] = await Promise.all([toBob(large), toBob(Uint8Array.of(9))])
      expect([acks, small]).toEqual([['stored'], ['stored']])
      expect(bob.pushes.some(({ push }) => Buffer.compare(push.objects[0]?.bytes ?? Buffer.of(), large) === 0)).toBe(true)
    })

    it('refuses to send what the port does not allow', async () => {
      await expect(toBob(systemRandom.bytes(30_000), systemRandom.bytes(30_000))).rejects.toMatchObject({ code: 'too-large' })
      await expect(toBob(systemRandom.bytes(3_000_000))).rejects.toMatchObject({ code: 'too-large' })
      expect(bob.pushes).toEqual([])
      expect(await toBob(Uint8Array.of(1))).toEqual(['stored'])
    })

    it('answers only for groups proven on the session', async () => {
      const other = newGroup(alice.memberId, bob.memberId)
      bob.groups.push(other)
      await expect(alice.network.push(bob.network.localPeer, pushOf(other, Uint8Array.of(1)), never)).rejects.toMatchObject({
        code: 'unreachable',
      })
      expect(bob.pushes).toEqual([])
    })

    it('survives a handler that fails', async () => {
      const works = bob.handlers.onPush
      bob.handlers.onPush = () => Promise.reject(new Error('disk'))
      await expect(toBob(Uint8Array.of(1))).rejects.toMatchObject({ code: 'unreachable' })
      bob.handlers.onPush = works
      expect(await toBob(Uint8Array.of(1))).toEqual(['stored'])
      expect(alice.events.filter((event) => event.name === 'closed')).toEqual([])
    })

    it('lets a push be given up, before and while it waits', async () => {
      const gaveUp = new AbortController()
      let arrived: () => void = () => undefined
      const arrival = new Promise<void>((resolve) => (arrived = resolve))
      bob.handlers.onPush = () => {
        arrived()
        return new Promise(() => undefined)
      }
      const push = alice.network.push(bob.network.localPeer, pushOf(group, Uint8Array.of(1)), gaveUp.signal)
      await arrival
      gaveUp.abort()
      await expect(push).rejects.toMatchObject({ code: 'cancelled' })
      const late = alice.network.push(bob.network.localPeer, pushOf(group, Uint8Array.of(1)), gaveUp.signal)
      await expect(late).rejects.toMatchObject({ code: 'cancelled' })
    })

    it('exchanges frontiers', async () => {
      const senders = Array.from({ length: 256 }, (_, seq) => ({
        memberId: systemRandom.id<MemberId>(),
        seq: seq * 1_000_000_000,
        ...(seq === 7 && { ahead: [2 ** 40, 2 ** 40 + 3] }),
      }))
      const ours: Frontier = {
        groupId: group.groupId,
        eid: systemRandom.id<Eid>(),
        epoch: 41,
        joinedEpoch: 3,
        roots: [],
        known: [],
        senders,
      }
      expect(await alice.network.frontier(bob.network.localPeer, ours, never)).toEqual({ ...ours, epoch: 42 })
      expect(bob.frontiers).toEqual([{ from: { groupId: group.groupId, memberId: alice.memberId }, peerId: alice.network.localPeer }])
    })

    it('takes no frontier of another group for an answer', async () => {
      bob.handlers.onFrontier = async (_from, _peer, theirs) => ({ ...theirs, groupId: newGroup().groupId })
      const ours: Frontier = {
        groupId: group.groupId,
        eid: systemRandom.id<Eid>(),
        epoch: 1,
        joinedEpoch: 0,
        roots: [],
        known: [],
        senders: [],
      }
      await expect(alice.network.frontier(bob.network.localPeer, ours, never)).rejects.toMatchObject({ code: 'unreachable' })
    })

    it('asks for a fresh leaf, among members of the group only', async () => {
      const request: ReturnRequest = {
        groupId: group.groupId,
        leafKey: systemRandom.bytes(32),
        keyPackage: systemRandom.bytes(3_000),
        signature: systemRandom.bytes(64),
        peer: systemRandom.bytes(64),
      }
      const answer: ReturnAnswer = {
        kind: 'welcome',
        welcome: systemRandom.bytes(9_000),
        commits: [{ eid: systemRandom.id<Eid>(), bytes: systemRandom.bytes(100) }],
      }
      const told: unknown[] = []
      bob.handlers.onReturn = async (...heard) => {
        told.push(heard)
        return answer
      }
      expect(await alice.network.askReturn(bob.network.localPeer, request, never)).toEqual(answer)
      expect(told).toEqual([[{ groupId: group.groupId, memberId: alice.memberId }, alice.network.localPeer, request]])
      const elsewhere = { ...request, groupId: newGroup().groupId }
      await expect(alice.network.askReturn(bob.network.localPeer, elsewhere, never)).rejects.toMatchObject({ code: 'unreachable' })
    })

    it('asks to be let go, among members of the group only', async () => {
      const request: LeaveRequest = {
        groupId: group.groupId,
        memberId: alice.memberId,
        leafKey: systemRandom.bytes(32),
        signature: systemRandom.bytes(64),
      }
      const told: unknown[] = []
      bob.handlers.onLeave = async (...heard) => {
        told.push(heard)
        return { kind: 'done' }
      }
      expect(await alice.network.askLeave(bob.network.localPeer, request, never)).toEqual({ kind: 'done' })
      expect(told).toEqual([[{ groupId: group.groupId, memberId: alice.memberId }, request]])
      const elsewhere = { ...request, groupId: newGroup().groupId }
      await expect(alice.network.askLeave(bob.network.localPeer, elsewhere, never)).rejects.toMatchObject({ code: 'unreachable' })
    })

    it('hands over what is for one member alone, among members of the group only', async () => {
      const given = { groupId: group.groupId, contents: [systemRandom.bytes(30), systemRandom.bytes(60_000)] }
      const told: unknown[] = []
      bob.handlers.onHandOver = async (...heard) => {
        told.push(heard)
        return ['stored']
      }
      await expect(alice.network.handOver(bob.network.localPeer, given, never)).rejects.toMatchObject({ code: 'too-large' })
      for (const contents of given.contents.map((content) => [content])) {
        expect(await alice.network.handOver(bob.network.localPeer, { ...given, contents }, never)).toEqual(['stored'])
        expect(told.pop()).toEqual([
          { groupId: group.groupId, memberId: alice.memberId },
          { ...given, contents },
        ])
      }
      const elsewhere = { contents: given.contents.slice(1), groupId: newGroup().groupId }
      await expect(alice.network.handOver(bob.network.localPeer, elsewhere, never)).rejects.toMatchObject({ code: 'unreachable' })
      expect(told).toEqual([])
    })

    it('tells a member of what is under the space, among members of it only', async () => {
      const call = { group: newGroup().groupId, leafKey: systemRandom.bytes(32), welcome: systemRandom.bytes(9_000), commits: [] }
      const request: WelcomeRequest = { kind: 'call', groupId: group.groupId, call }
      const told: unknown[] = []
      bob.handlers.onWelcome = async (...heard) => {
        told.push(heard)
        return { kind: 'done' }
      }
      expect(await alice.network.askWelcome(bob.network.localPeer, request, never)).toEqual({ kind: 'done' })
      expect(told).toEqual([[{ groupId: group.groupId, memberId: alice.memberId }, request]])
      const elsewhere = { ...request, groupId: newGroup().groupId }
      await expect(alice.network.askWelcome(bob.network.localPeer, elsewhere, never)).rejects.toMatchObject({ code: 'unreachable' })
    })

    it('exchanges hints', async () => {
      const ours: PeerHint[] = [{ memberId: bob.memberId, record: Uint8Array.of(1, 2) }]
      const theirs: PeerHint[] = [{ memberId: alice.memberId, record: Uint8Array.of(3) }]
      let told: PeerHint[] = []
      bob.handlers.onHints = async (_from, hints) => {
        told = hints
        return theirs
      }
      expect(await alice.network.hints(bob.network.localPeer, group.groupId, ours, never)).toEqual(theirs)
      expect(told).toEqual(ours)
    })
  })
}
