import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  connect,
  createPerson,
  isReady,
  joinRequestOf,
  never,
  newGroup,
  pushOf,
  restart,
  statusOf,
  until,
  type NetworkHarness,
} from './harness.ts'

export function describeLifecycle(createHarness: () => NetworkHarness): void {
  describe('lifecycle', () => {
    let harness: NetworkHarness
    beforeEach(() => (harness = createHarness()))
    afterEach(() => harness.dispose())
    const pair = async () => {
      const group = newGroup()
      return { group, alice: await createPerson(harness, [group]), bob: await createPerson(harness, [group]) }
    }

    it('announces addresses that name the peer', async () => {
      const { alice } = await pair()
      expect(alice.network.addresses().length).toBeGreaterThan(0)
      for (const address of alice.network.addresses()) expect(address.endsWith(`/p2p/${alice.network.localPeer}`)).toBe(true)
    })

    it('makes one session when both dial at once, and keeps it', async () => {
      const { group, alice, bob } = await pair()
      alice.network.setWanted([bob.address()])
      bob.network.setWanted([alice.address()])
      await until(() => isReady(alice, bob) && isReady(bob, alice), alice, bob)
      await new Promise((resolve) => setTimeout(resolve, 200))
      expect(alice.network.sessions()).toHaveLength(1)
      expect(bob.network.sessions()).toHaveLength(1)
      expect([statusOf(alice, bob)?.direction, statusOf(bob, alice)?.direction].toSorted()).toEqual(['inbound', 'outbound'])
      expect(await alice.network.push(bob.network.localPeer, pushOf(group, Uint8Array.of(1)), never)).toEqual(['stored'])
      expect(await bob.network.push(alice.network.localPeer, pushOf(group, Uint8Array.of(1)), never)).toEqual(['stored'])
      expect(alice.events.concat(bob.events).filter((event) => event.name === 'closed')).toEqual([])
    })

    it('finds a peer again that restarted as the same peer at the same address', async () => {
      const { group, alice, bob } = await pair()
      await connect(alice, bob)
      const before = bob.network.addresses()
      await restart(harness, bob)
      expect(bob.network.addresses()).toEqual(before)
      await until(() => isReady(alice, bob) && isReady(bob, alice), alice, bob)
      expect(alice.events.map((event) => event.name)).toEqual(['ready', 'closed', 'ready'])
      expect(await alice.network.push(bob.network.localPeer, pushOf(group, Uint8Array.of(1)), never)).toEqual(['stored'])
    })

    it('shows what it waits for, and tries again when asked', async () => {
      const { alice, bob } = await pair()
      const address = bob.address()
      await bob.network.stop()
      alice.network.setWanted([address])
      await until(() => statusOf(alice, bob)?.state === 'backing-off', alice)
      expect(statusOf(alice, bob)?.lastError).not.toBeNull()
      await restart(harness, bob)
      alice.network.retryNow()
      await until(() => isReady(alice, bob), alice)
    })

    it('leaves a session alone whose peer is not wanted any more, and forgets one it never had', async () => {
      const { group, alice, bob } = await pair()
      const gone = await createPerson(harness, [group])
      const address = gone.address()
      await gone.network.stop()
      await connect(alice, bob)
      alice.network.setWanted([address])
      expect(await alice.network.push(bob.network.localPeer, pushOf(group, Uint8Array.of(1)), never)).toEqual(['stored'])
      alice.network.setWanted([])
      expect(statusOf(alice, gone)).toBeUndefined()
      expect(isReady(alice, bob)).toBe(true)
    })

    it('does not want itself', async () => {
      const { alice } = await pair()
      alice.network.setWanted([alice.address()])
      expect(alice.network.sessions()).toEqual([])
    })

    it('stops cleanly, twice, with work under way', async () => {
      const { group, alice, bob } = await pair()
      await connect(alice, bob)
      let arrived: () => void = () => undefined
      const arrival = new Promise<void>((resolve) => (arrived = resolve))
      bob.handlers.onPush = () => {
        arrived()
        return new Promise(() => undefined)
      }
      const push = alice.network.push(bob.network.localPeer, pushOf(group, Uint8Array.of(1)), never).catch((thrown: unknown) => thrown)
      await arrival
      await Promise.all([bob.network.stop(), bob.network.stop()])
      await until(() => !isReady(alice, bob), alice)
      await alice.network.stop()
      expect(await push).toMatchObject({ code: 'unreachable' })
      await alice.network.stop()
    })

    it('does nothing any more once stopped', async () => {
      const { group, alice, bob } = await pair()
      await connect(alice, bob)
      await alice.network.stop()
      const peer = bob.network.localPeer
      await expect(alice.network.push(peer, pushOf(group, Uint8Array.of(1)), never)).rejects.toMatchObject({ code: 'stopping' })
      await expect(alice.network.reprove(peer, never)).rejects.toMatchObject({ code: 'stopping' })
      const joining = alice.network.join(bob.address(), joinRequestOf(group), { signal: never, onStep: () => undefined })
      await expect(joining).rejects.toMatchObject({ code: 'stopping' })
      await expect(alice.network.start()).rejects.toMatchObject({ code: 'stopping' })
      expect(alice.network.sessions()).toEqual([])
      expect(alice.network.addresses()).toEqual([])
      alice.network.setWanted([bob.address()])
      alice.network.retryNow()
      expect(alice.network.sessions()).toEqual([])
      await until(() => !isReady(bob, alice), bob)
    })
  })
}
