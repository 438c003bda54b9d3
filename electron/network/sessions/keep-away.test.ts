import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createPerson,
  isReady,
  joinRequestOf,
  never,
  newGroup,
  pushOf,
  statusOf,
  type Person,
} from '../../testing/contracts/network/harness.ts'
import type { FakeClock } from '../../testing/fakes/fake-clock.ts'
import type { FakeGroup } from '../../testing/fakes/fake-membership.ts'
import type { MemoryTransport } from '../../testing/fakes/memory-transport.ts'
import { createMemorySessions, settle, type MemorySessions } from '../../testing/network/memory-sessions.ts'
import { toCbor } from '../../kernel/cbor.ts'
import { encodeFrame } from '../channel/frame.ts'
import { objectsRpc } from '../protocols/objects/objects-rpc.ts'
import { BAN_POINTS, FIRST_BAN_MS, OFFENCE_POINTS } from './conduct.ts'
import { HANDSHAKE_DEADLINE_MS } from './constants.ts'

const TIMES = BAN_POINTS / OFFENCE_POINTS.frame
const request = (value: unknown, id = 0): Uint8Array => encodeFrame({ kind: 'request', id, body: toCbor(value) })

describe('a peer that does what no honest one does', () => {
  let clock: FakeClock
  let harness: MemorySessions
  let group: FakeGroup
  let alice: Person
  let bob: Person
  let carol: Person
  const transportOf = (person: Person): MemoryTransport => {
    const transport = harness.hub.find(person.network.localPeer)
    if (transport === undefined) throw new Error('no transport')
    return transport
  }
  const linksOf = (person: Person, to: Person) => [...transportOf(person).links].filter(({ peerId }) => peerId === to.network.localPeer)
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms)
    await settle()
  }
  /** Sends these bytes on a stream of its own, so many times; on its link to Alice, made if there is none. */
  const send = async (person: Person, times: number, bytes: Uint8Array, protocol = '/spacepanda/objects/1'): Promise<void> => {
    for (let i = 0; i < times; i += 1) {
      const [link = transportOf(person).connect(transportOf(alice))] = linksOf(person, alice)
      const stream = await link.openStream(protocol, never)
      stream.send([bytes])
      await settle()
    }
  }
  const logged = (event: string): string[] => harness.log.filter((line) => line.includes(event))

  beforeEach(async () => {
    harness = createMemorySessions()
    clock = harness.clock
    group = newGroup()
    alice = await createPerson(harness, [group])
    bob = await createPerson(harness, [group])
    carol = await createPerson(harness, [group])
  })
  afterEach(async () => {
    await harness.dispose()
  })
  const connected = async (): Promise<void> => {
    alice.network.setWanted([bob.address(), carol.address()])
    await settle()
    expect([isReady(alice, bob), isReady(alice, carol)]).toEqual([true, true])
  }

  const push = '/spacepanda/objects/1'
  const hello = '/spacepanda/hello/1'
  it.each<[string, string, Uint8Array, string]>([
    ['bytes that are no frame', push, new Uint8Array(64).fill(0xee), 'frame'],
    ['a message that its protocol does not have', push, request({ surprise: true }), 'message'],
    ['a message to be let in that is none', '/spacepanda/join/4', request(['surprise']), 'message'],
    ['an answer where questions belong', push, encodeFrame({ kind: 'refusal', id: 0, body: Uint8Array.of(1) }), 'order'],
    ['a hello that begins at its end', hello, request({ kind: 'proofs', proofs: [] }), 'order'],
  ])('is kept away for %s, again and again, and that is all', async (_, protocol, bytes, offence) => {
    await connected()
    await send(bob, TIMES - 1, bytes, protocol)
    expect([isReady(alice, bob), logged('peer-offended').length, logged('peer-kept-away')]).toEqual([true, TIMES - 1, []])
    await send(bob, 1, bytes, protocol)
    expect(statusOf(alice, bob)).toMatchObject({ state: 'backing-off', lastError: 'kept-away', retryAt: clock.now() + FIRST_BAN_MS })
    expect(linksOf(alice, bob)).toEqual([])
    expect(isReady(alice, carol)).toBe(true)
    expect(await carol.network.push(alice.network.localPeer, pushOf(group, Uint8Array.of(1)), never)).toEqual(['stored'])
    const [line] = logged('peer-kept-away')
    const peer = bob.network.localPeer.slice(-6)
    expect(line && JSON.parse(line)).toEqual({ event: 'peer-kept-away', peer, offence, seconds: FIRST_BAN_MS / 1_000 })
    expect(harness.log.join()).not.toContain(bob.network.localPeer)
  })

  it('is dialled no sooner than that is over, whatever else asks for it, and then by itself', async () => {
    await connected()
    await send(bob, TIMES, new Uint8Array(64).fill(0xee))
    const dials = transportOf(alice).dials.length
    await pass(FIRST_BAN_MS - 1)
    alice.network.retryNow()
    alice.network.setWanted([carol.address()])
    alice.network.setWanted([bob.address(), carol.address()])
    await settle()
    expect(statusOf(alice, bob)).toMatchObject({ state: 'backing-off', lastError: 'kept-away', retryAt: clock.now() + 1 })
    bob.network.setWanted([alice.address()])
    await settle()
    expect(isReady(bob, alice)).toBe(false)
    expect(transportOf(alice).dials.length).toBe(dials)
    await pass(1)
    expect(isReady(alice, bob)).toBe(true)
    expect(await alice.network.push(bob.network.localPeer, pushOf(group, Uint8Array.of(1)), never)).toEqual(['stored'])
  })

  it('is kept away too when it answers like that', async () => {
    const events = transportOf(bob).events
    if (events === null) throw new Error('bob runs')
    transportOf(bob).events = {
      ...events,
      onStream: (_protocol, _link, duplex) =>
        duplex.onData(() => duplex.send([encodeFrame({ kind: 'response', id: 9, body: new Uint8Array() })])),
    }
    alice.network.setWanted([bob.address()])
    for (let i = 0; i < TIMES; i += 1) {
      await settle()
      if (statusOf(alice, bob)?.lastError !== 'kept-away') alice.network.retryNow()
    }
    expect(statusOf(alice, bob)).toMatchObject({ state: 'backing-off', lastError: 'kept-away' })
    expect(logged('"offence":"order"').length).toBeGreaterThan(TIMES)
  })

  it('and that nobody knows finds no hearing either', async () => {
    const eve = await createPerson(harness, [])
    await send(eve, TIMES, new Uint8Array(64).fill(0xee), '/spacepanda/join/4')
    expect(linksOf(alice, eve)).toEqual([])
    const asked = eve.network.join(alice.address(), joinRequestOf(group), { signal: never, onStep: () => undefined })
    const failed = asked.catch((thrown: unknown) => thrown)
    await settle()
    await pass(HANDSHAKE_DEADLINE_MS)
    expect(await failed).toMatchObject({ code: 'unreachable' })
    expect(alice.joins).toEqual([])
  })

  it.each<[string, () => Promise<void>]>([
    ['another version', () => send(bob, 50, request({ kind: 'open', versions: [99], nonce: new Uint8Array(32) }), hello)],
    [
      'a group that is not shared',
      () => send(bob, 50, encodeFrame({ kind: 'request', id: 0, body: objectsRpc.encodeRequest(pushOf(newGroup(), Uint8Array.of(1))) })),
    ],
    [
      'half a frame, and a connection that breaks',
      async () => {
        for (let i = 0; i < 50; i += 1) {
          await send(bob, 1, request({ surprise: true }).subarray(0, 7), '/spacepanda/join/4')
          for (const link of linksOf(bob, alice)) link.close()
          await pass(60_000)
        }
      },
    ],
  ])('is not one that brings %s', async (_, happens) => {
    await connected()
    await happens()
    expect([logged('peer-offended'), logged('peer-kept-away')]).toEqual([[], []])
  })
})
