import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Space } from '../../../shared/domain/models.ts'
import { away, eventually, groupOf, inTime, joinBy, makeTown, namesIn, selfOf } from '../../testing/fixtures/town.ts'
import type { Resident, Town } from '../../testing/fixtures/town.ts'

const MINUTE = 60_000

let town: Town
let alice: Resident
let bob: Resident
let carol: Resident
let space: Space
beforeEach(async () => {
  town = await makeTown('whereabouts')
  ;[alice, bob, carol] = [await town.arrive('Alice'), await town.arrive('Bob'), await town.arrive('Carol')]
  space = await alice.api['spaces.create']({ name: 'Friends' })
  await joinBy(alice, space, bob)
})
afterEach(() => town.end())

const addressesOf = (who: Resident, by: Resident): readonly string[] =>
  by.store.peers.ofGroup(groupOf(by)).find(({ memberId }) => memberId === selfOf(who))?.addresses ?? []

/** Carol comes by Alice, and never meets Bob: as if neither could dial the other. */
async function carolJoins(): Promise<void> {
  town.hub.partition(bob.peerId, carol.peerId)
  await joinBy(alice, space, carol)
  await inTime(town, () => namesIn(space, bob), ['Alice', 'Bob', 'Carol'])
}

async function asksIn(ms: number): Promise<number> {
  const asked = vi.spyOn(bob.messenger.network, 'hints')
  for (let passed = 0; passed < ms; passed += 5_000) {
    town.clock.advance(5_000)
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { length } = asked.mock.calls
  asked.mockRestore()
  return length
}

describe('where members are', () => {
  it('is asked of others who were told later, or before the one who asks knew whose address it was', async () => {
    await carolJoins()
    await inTime(town, () => addressesOf(carol, bob), carol.messenger.network.addresses())
  })

  it('is asked of others again once somebody is gone, who may be elsewhere', async () => {
    await joinBy(alice, space, carol)
    await inTime(town, () => addressesOf(carol, bob).length > 0, true)
    town.hub.partition(bob.peerId, carol.peerId)
    town.hub.relaysOf = (peerId) => (peerId === carol.peerId ? [{ peerId: alice.peerId, addresses: ['/ip4/203.0.113.1/tcp/1'] }] : [])
    town.hub.disconnect(alice.peerId, carol.peerId)
    await eventually(() => addressesOf(carol, alice).length, 2)
    await inTime(town, () => addressesOf(carol, bob), carol.messenger.network.addresses())
  })

  it('is asked by nobody where everybody is here, nor where nobody is there to ask', async () => {
    await joinBy(alice, space, carol)
    await inTime(town, () => addressesOf(carol, bob).length > 0, true)
    expect(await asksIn(10 * MINUTE)).toBe(0)
    await away(town, alice, carol)
    expect(await asksIn(10 * MINUTE)).toBe(0)
  })

  it('is asked ever more seldom of those who are here about those who are not', async () => {
    await carolJoins()
    await away(town, carol)
    const [first, later, latest] = [await asksIn(10 * MINUTE), await asksIn(60 * MINUTE), await asksIn(60 * MINUTE)]
    expect(first).toBeGreaterThan(2)
    expect(later).toBeLessThan(12)
    expect(latest).toBeGreaterThan(1)
    expect(latest).toBeLessThan(7)
  })

  it('is asked soon about a newcomer, however seldom about others', async () => {
    await carolJoins()
    await away(town, carol)
    await asksIn(60 * MINUTE)
    const dave = await town.arrive('Dave')
    town.hub.partition(bob.peerId, dave.peerId)
    await joinBy(alice, space, dave)
    await inTime(town, () => namesIn(space, bob), ['Alice', 'Bob', 'Carol', 'Dave'])
    expect(await asksIn(5_000)).toBe(1)
    expect(addressesOf(dave, bob)).toEqual(dave.messenger.network.addresses())
  })
})
