import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPerson, isReady, newGroup, never, pushOf, statusOf, type Person } from '../../testing/contracts/network/harness.ts'
import type { FakeGroup } from '../../testing/fakes/fake-membership.ts'
import { createMemorySessions, settle, type MemorySessions } from '../../testing/network/memory-sessions.ts'
import { STRAIGHTEN_FIRST_MS } from './constants.ts'

describe('a session that goes by a relay', () => {
  let harness: MemorySessions
  let group: FakeGroup
  let alice: Person
  let bob: Person
  const paths = () => [statusOf(alice, bob)?.path, statusOf(bob, alice)?.path]
  const pass = async (ms: number): Promise<void> => {
    harness.clock.advance(ms)
    await settle()
  }

  beforeEach(async () => {
    harness = createMemorySessions()
    group = newGroup()
    alice = await createPerson(harness, [group])
    bob = await createPerson(harness, [group])
    harness.hub.relayed.add(bob.network.localPeer)
  })
  afterEach(async () => {
    await harness.dispose()
    expect(harness.clock.pending).toEqual([])
  })
  const meet = async (): Promise<void> => {
    alice.network.setWanted([bob.address()])
    await settle()
    expect(isReady(alice, bob) && isReady(bob, alice)).toBe(true)
  }

  it('stays there while there is no other way', async () => {
    await meet()
    expect(paths()).toEqual(['relayed', 'relayed'])
    await pass(STRAIGHTEN_FIRST_MS)
    expect(paths()).toEqual(['relayed', 'relayed'])
    expect(alice.events.map(({ name }) => name)).toEqual(['ready'])
  })

  it('moves to a straight way as soon as there is one, and the relayed link is closed', async () => {
    await meet()
    harness.hub.direct.add(bob.network.localPeer)
    await pass(STRAIGHTEN_FIRST_MS)
    await pass(1_000)
    expect(paths()).toEqual(['direct', 'direct'])
    expect(harness.hub.find(alice.network.localPeer)?.links.size).toBe(1)
    expect(await alice.network.push(bob.network.localPeer, pushOf(group, Uint8Array.of(1)), never)).toEqual(['stored'])
    expect(await bob.network.push(alice.network.localPeer, pushOf(group, Uint8Array.of(2)), never)).toEqual(['stored'])
  })

  it('moves when the peer itself comes straight, without losing what is asked meanwhile for longer than a moment', async () => {
    await meet()
    const [here, there] = [harness.hub.find(alice.network.localPeer), harness.hub.find(bob.network.localPeer)]
    if (here === undefined || there === undefined) throw new Error('no transport')
    there.connect(here)
    await pass(1_000)
    expect(paths()).toEqual(['direct', 'direct'])
    expect(alice.events.map(({ name }) => name)).toEqual(['ready', 'closed', 'ready'])
  })

  it('is called hole-punched once a straight way past the routers took over, and no longer when the next one leads there at once', async () => {
    harness.hub.near = false
    await meet()
    harness.hub.direct.add(bob.network.localPeer)
    await pass(STRAIGHTEN_FIRST_MS)
    await pass(1_000)
    expect(paths()).toEqual(['hole-punched', 'hole-punched'])
    harness.hub.relayed.clear()
    for (const link of harness.hub.find(alice.network.localPeer)?.links ?? []) link.close()
    await pass(60_000)
    expect(paths()).toEqual(['direct', 'direct'])
  })

  it('looks for a straight way at once when there is news of the peer', async () => {
    await meet()
    harness.hub.direct.add(bob.network.localPeer)
    alice.network.setWanted([{ peerId: bob.network.localPeer, addresses: ['/ip4/192.0.2.1/tcp/1'] }])
    await pass(1_000)
    expect(paths()).toEqual(['direct', 'direct'])
  })
})
