import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemRandom } from '../../../kernel/random.ts'
import type { JoinAnswer } from '../../../ports/wire.ts'
import type { FakeGroup } from '../../fakes/fake-membership.ts'
import { createPerson, isReady, joinRequestOf, never, newGroup, until, type NetworkHarness, type Person } from './harness.ts'

export function describeJoining(createHarness: () => NetworkHarness): void {
  describe('joining', () => {
    let harness: NetworkHarness
    let group: FakeGroup
    let alice: Person
    let carol: Person
    const steps: string[] = []
    beforeEach(async () => {
      harness = createHarness()
      group = newGroup()
      alice = await createPerson(harness, [group])
      carol = await createPerson(harness, [])
      steps.length = 0
    })
    afterEach(() => harness.dispose())
    const join = (signal: AbortSignal = never): Promise<JoinAnswer> =>
      carol.network.join(alice.address(), joinRequestOf(group), { signal, onStep: (step) => steps.push(step) })

    it('asks a peer that is not wanted, step by step', async () => {
      const request = joinRequestOf(group)
      const answer = await carol.network.join(alice.address(), request, { signal: never, onStep: (step) => steps.push(step) })
      expect(answer).toEqual({
        kind: 'welcome',
        welcome: Uint8Array.of(1, 2, 3),
        commits: [],
        peers: [],
        by: { leafIndex: 0, signature: new Uint8Array(64) },
      })
      expect(steps).toEqual(['connecting', 'asking'])
      expect(alice.joins).toEqual([{ from: carol.network.localPeer, request }])
      expect(alice.membership.proven).toEqual([])
    })

    it.each<JoinAnswer>([
      { kind: 'refused', code: 'invitation-used-up' },
      { kind: 'later', afterMs: 5_000 },
      {
        kind: 'welcome',
        welcome: systemRandom.bytes(700_000),
        commits: [{ eid: systemRandom.id(), bytes: systemRandom.bytes(100_000) }],
        peers: [{ memberId: systemRandom.id(), record: systemRandom.bytes(200) }],
        by: { leafIndex: 7, signature: systemRandom.bytes(64) },
      },
    ])('brings every kind of answer: $kind', async (given) => {
      alice.handlers.onJoin = async () => given
      expect(await join()).toEqual(given)
    })

    it('becomes a session once the group is shared', async () => {
      await join()
      group.members.push(carol.memberId)
      carol.groups.push(group)
      carol.network.setWanted([alice.address()])
      await until(() => isReady(carol, alice) && isReady(alice, carol), carol, alice)
      expect(alice.events.at(-1)?.groups).toEqual([group.groupId])
    })

    it('fails at a peer that is not there', async () => {
      const address = alice.address()
      await alice.network.stop()
      const options = { signal: never, onStep: () => undefined }
      await expect(carol.network.join(address, joinRequestOf(group), options)).rejects.toMatchObject({ code: 'unreachable' })
    })

    it('fails when the other side fails', async () => {
      alice.handlers.onJoin = () => Promise.reject(new Error('bug'))
      await expect(join()).rejects.toMatchObject({ code: 'unreachable' })
    })

    it('can be given up, before and while it waits', async () => {
      const gaveUp = new AbortController()
      let asked: () => void = () => undefined
      const asking = new Promise<void>((resolve) => (asked = resolve))
      alice.handlers.onJoin = () => {
        asked()
        return new Promise(() => undefined)
      }
      const joining = join(gaveUp.signal)
      await asking
      gaveUp.abort()
      await expect(joining).rejects.toMatchObject({ code: 'cancelled' })
      await expect(join(gaveUp.signal)).rejects.toMatchObject({ code: 'cancelled' })
    })
  })
}
