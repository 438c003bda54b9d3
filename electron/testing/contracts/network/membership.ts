import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect, createPerson, isReady, never, newGroup, pushOf, sharedOf, statusOf, until, type NetworkHarness } from './harness.ts'

export function describeMembership(createHarness: () => NetworkHarness): void {
  describe('membership', () => {
    let harness: NetworkHarness
    beforeEach(() => (harness = createHarness()))
    afterEach(() => harness.dispose())

    it('makes a session between members and tells both who the other is', async () => {
      const group = newGroup()
      const [alice, bob] = [await createPerson(harness, [group]), await createPerson(harness, [group])]
      await connect(alice, bob)
      expect(sharedOf(alice, bob)).toEqual([{ groupId: group.groupId, memberId: bob.memberId }])
      expect(sharedOf(bob, alice)).toEqual([{ groupId: group.groupId, memberId: alice.memberId }])
      expect(alice.events).toEqual([{ name: 'ready', peerId: bob.network.localPeer, groups: [group.groupId] }])
      expect(bob.events).toEqual([{ name: 'ready', peerId: alice.network.localPeer, groups: [group.groupId] }])
    })

    it('shows nothing of groups that are not shared', async () => {
      const [hers, both, his] = [newGroup(), newGroup(), newGroup()]
      const [alice, bob] = [await createPerson(harness, [hers, both]), await createPerson(harness, [both, his])]
      await connect(alice, bob)
      expect(sharedOf(alice, bob).map((each) => each.groupId)).toEqual([both.groupId])
      expect(alice.membership.proven).toEqual([both.groupId])
      expect(bob.membership.proven).toEqual([both.groupId])
    })

    it('proves many groups at once', async () => {
      const groups = Array.from({ length: 40 }, () => newGroup())
      const [alice, bob] = [await createPerson(harness, groups), await createPerson(harness, groups)]
      await connect(alice, bob)
      expect(new Set(sharedOf(bob, alice).map((each) => each.groupId))).toEqual(new Set(groups.map((group) => group.groupId)))
    })

    it('gives a stranger nothing', async () => {
      const group = newGroup()
      const [alice, eve] = [await createPerson(harness, [group]), await createPerson(harness, [newGroup()])]
      await connect(eve, alice)
      expect(sharedOf(eve, alice)).toEqual([])
      await expect(eve.network.push(alice.network.localPeer, pushOf(group, Uint8Array.of(1)), never)).rejects.toMatchObject({
        code: 'unreachable',
      })
      expect(alice.pushes).toEqual([])
    })

    it('gives nothing to one that knows the presence key but is no member', async () => {
      const group = newGroup()
      const [alice, eve] = [await createPerson(harness, [group]), await createPerson(harness, [])]
      eve.groups.push({ ...group, members: [...group.members, eve.memberId] })
      await connect(eve, alice)
      expect(sharedOf(alice, eve)).toEqual([])
      expect(sharedOf(eve, alice)).toEqual([])
    })

    it('proves again after a group was joined, for both', async () => {
      const [old, young] = [newGroup(), newGroup()]
      const [alice, bob] = [await createPerson(harness, [old, young]), await createPerson(harness, [old])]
      await connect(alice, bob)
      young.members.push(bob.memberId)
      bob.groups.push(young)
      const shared = await bob.network.reprove(alice.network.localPeer, never)
      expect(new Set(shared.map((each) => each.groupId))).toEqual(new Set([old.groupId, young.groupId]))
      await until(() => sharedOf(alice, bob).length === 2, alice)
      expect(alice.events.at(-1)?.groups).toHaveLength(2)
      expect(bob.events.at(-1)?.groups).toHaveLength(2)
      expect(bob.events.filter((event) => event.name === 'closed')).toEqual([])
      expect(await bob.network.push(alice.network.localPeer, pushOf(young, Uint8Array.of(1)), never)).toEqual(['stored'])
    })

    it('agrees on the groups when both prove again at once', async () => {
      const [old, young] = [newGroup(), newGroup()]
      const [alice, bob] = [await createPerson(harness, [old, young]), await createPerson(harness, [old])]
      await connect(alice, bob)
      young.members.push(bob.memberId)
      bob.groups.push(young)
      await Promise.all([bob.network.reprove(alice.network.localPeer, never), alice.network.reprove(bob.network.localPeer, never)])
      await until(() => sharedOf(alice, bob).length === 2 && sharedOf(bob, alice).length === 2, alice, bob)
      expect(isReady(alice, bob)).toBe(true)
    })

    it('refuses a removed member after proving again', async () => {
      const [kept, lost] = [newGroup(), newGroup()]
      const [alice, bob] = [await createPerson(harness, [kept, lost]), await createPerson(harness, [kept, lost])]
      await connect(alice, bob)
      alice.groups.splice(1, 1)
      await alice.network.reprove(bob.network.localPeer, never)
      await until(() => sharedOf(bob, alice).length === 1, bob)
      await expect(bob.network.push(alice.network.localPeer, pushOf(lost, Uint8Array.of(1)), never)).rejects.toMatchObject({
        code: 'unreachable',
      })
      expect(alice.pushes).toEqual([])
      expect(statusOf(bob, alice)?.shared).toEqual([{ groupId: kept.groupId, memberId: alice.memberId }])
    })

    it('fails to prove again where there is no session', async () => {
      const alice = await createPerson(harness, [newGroup()])
      const bob = await createPerson(harness, [newGroup()])
      await expect(alice.network.reprove(bob.network.localPeer, never)).rejects.toMatchObject({ code: 'unreachable' })
    })
  })
}
