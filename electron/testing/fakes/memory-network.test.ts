import { describe, expect, it } from 'vitest'
import { networkContract } from '../contracts/network-contract.ts'
import { createPerson, isReady, never, newGroup, pushOf, type NetworkHarness } from '../contracts/network/harness.ts'
import { MemoryHub, type MemoryNetwork } from './memory-network.ts'

function createHarness(hub = new MemoryHub()): NetworkHarness {
  const made: MemoryNetwork[] = []
  return {
    create: async (handlers, like) => {
      const network = hub.network(handlers, like?.localPeer)
      made.push(network)
      await network.start()
      return network
    },
    dispose: async () => {
      for (const network of made) await network.stop()
    },
  }
}

networkContract('memory', createHarness)

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('memory hub', () => {
  it('connects within pending promises, without a timer', async () => {
    const harness = createHarness()
    const group = newGroup()
    const [alice, bob] = [await createPerson(harness, [group]), await createPerson(harness, [group])]
    alice.network.setWanted([bob.address()])
    await settle()
    expect(isReady(alice, bob) && isReady(bob, alice)).toBe(true)
  })

  it('keeps a partition until it is healed', async () => {
    const hub = new MemoryHub()
    const harness = createHarness(hub)
    const group = newGroup()
    const [alice, bob] = [await createPerson(harness, [group]), await createPerson(harness, [group])]
    const peers = [alice.network.localPeer, bob.network.localPeer] as const
    alice.network.setWanted([bob.address()])
    await settle()
    hub.partition(...peers)
    alice.network.retryNow()
    await settle()
    expect(isReady(alice, bob) || isReady(bob, alice)).toBe(false)
    await expect(alice.network.push(peers[1], pushOf(group, Uint8Array.of(1)), never)).rejects.toMatchObject({ code: 'unreachable' })
    hub.heal(...peers)
    await settle()
    expect(isReady(alice, bob) && isReady(bob, alice)).toBe(true)
    expect(alice.events.map((event) => event.name)).toEqual(['ready', 'closed', 'ready'])
  })

  it('loses the ack of a push that a disconnection overtakes', async () => {
    const hub = new MemoryHub()
    const harness = createHarness(hub)
    const group = newGroup()
    const [alice, bob] = [await createPerson(harness, [group]), await createPerson(harness, [group])]
    alice.network.setWanted([bob.address()])
    await settle()
    bob.handlers.onPush = async () => {
      hub.partition(alice.network.localPeer, bob.network.localPeer)
      return ['stored']
    }
    const push = alice.network.push(bob.network.localPeer, pushOf(group, Uint8Array.of(1)), never)
    await expect(push).rejects.toMatchObject({ code: 'unreachable' })
  })
})
