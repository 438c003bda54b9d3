import { beforeEach, describe, expect, it } from 'vitest'
import type { GroupId, PeerId } from '../../../shared/domain/ids.ts'
import { toCbor } from '../../kernel/cbor.ts'
import { systemRandom } from '../../kernel/random.ts'
import type { Store } from '../../ports/store.ts'
import type { PeerAddress } from '../../ports/wire.ts'
import { createMemoryStore } from '../../testing/fakes/memory-store.ts'
import { unreached } from '../../testing/fakes/unreached.ts'
import { forNetwork, readReach, setReach, takeInvitedRelays } from './reach.ts'

const peer = (n: number) => `12D3KooW${'ABCDEFGHJKLMNPQRSTUVWXYZ'[n] ?? 'a'}${'b'.repeat(43)}` as PeerId
const relay = (n: number) => `/ip4/203.0.113.${n + 1}/tcp/4001/p2p/${peer(n)}`
/** An invitation whose maker is found by these relays. */
const by = (...relays: string[]): PeerAddress[] => [{ peerId: peer(23), addresses: relays.map((each) => `${each}/p2p-circuit`) }]

describe('relays that invitations name', () => {
  let store: Store
  const space = () => systemRandom.id<GroupId>()
  const take = (groupId: GroupId, ...relays: string[]) => store.transaction((tx) => takeInvitedRelays(tx, groupId, by(...relays)))
  const join = (groupId: GroupId, ...relays: number[]) => take(groupId, ...relays.map(relay))
  const used = () => readReach(store).invitedRelays
  beforeEach(() => {
    store = createMemoryStore()
  })

  it('are two of one invitation at most, each once', () => {
    expect(take(space(), relay(0), `/ip6/2001:db8::1/tcp/4001/p2p/${peer(0)}`, relay(1), relay(2))).toBe(true)
    expect(used()).toEqual([relay(0), relay(1)])
  })

  it('push out none of another space while that has no other', () => {
    for (let n = 0; n < 5; n += 1) join(space(), 2 * n, 2 * n + 1)
    // Each has its first; of the second ones those stay that came last.
    expect(new Set(used())).toEqual(new Set([8, 6, 4, 2, 0, 9, 7, 5].map(relay)))
  })

  it('stay with their space, whatever many invitations to another name', () => {
    join(space(), 0, 1)
    const greedy = space()
    for (let n = 2; n < 22; n += 2) join(greedy, n, n + 1)
    expect(used()).toContain(relay(0))
    expect(used()).toContain(relay(1))
    expect(used()[0]).toBe(relay(20))
  })

  it('that were used before anybody noted for which space are kept as if each was for one', () => {
    const before = [0, 1, 2, 3, 4, 5, 6, 7].map(relay)
    store.transaction((tx) => tx.settings.set('reach', toCbor({ ...readReach(tx), invitedRelays: before })))
    join(space(), 10, 11)
    expect(used()).toEqual([relay(10), ...before.slice(0, 7)])
  })

  it('never push out those that were set by hand, and do not come back once they were removed', async () => {
    const own = [12, 13, 14, 15, 16, 17, 18].map(relay)
    const first = space()
    join(first, 0, 1)
    await setReach(
      { store, network: { ...unreached, setReach: async () => undefined } as never },
      { ...readReach(store), relays: own, invitedRelays: [relay(1)] },
    )
    join(space(), 2, 3)
    expect(used()).toEqual([relay(2), relay(1), relay(3)])
    expect(forNetwork(readReach(store)).relays).toEqual([...own, relay(2)])
    expect(join(first, 1)).toBe(false)
  })
})
