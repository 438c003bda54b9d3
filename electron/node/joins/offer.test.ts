import { beforeEach, describe, expect, it } from 'vitest'
import { createGroupEngine, X25519_SUITE } from '../../crypto/mls/index.ts'
import type { GroupEngine } from '../../crypto/mls/index.ts'
import { silentLogger } from '../../kernel/logger.ts'
import type { JoinRow, Store } from '../../ports/store.ts'
import { groupId, groupRow, joinRow } from '../../testing/contracts/store/rows.ts'
import { createMemoryStore } from '../../testing/fakes/memory-store.ts'
import { handClock, NOON, seededRandom } from '../../testing/mls/seeded.ts'
import { endOffer, makeOffer, putOffer, readOffer } from './offer.ts'

const G = groupId(1)
const random = seededRandom('offers')
let engine: GroupEngine
let store: Store
beforeEach(async () => {
  engine = await createGroupEngine({ clock: handClock(NOON), random, logger: silentLogger, suiteId: X25519_SUITE })
  store = createMemoryStore()
})

/** Join number `n`, to the one group, under way. */
async function offering(n: number): Promise<JoinRow> {
  const offer = await makeOffer(engine, G, 'Bob', random)
  const row = joinRow(n, { groupId: G, identity: offer.encodedIdentity })
  store.transaction((tx) => putOffer(tx, row, offer))
  return row
}
const end = (row: JoinRow) => store.transaction((tx) => endOffer(tx, { ...row, state: { kind: 'cancelled' } }, NOON))
const offered = () => store.mls.keyPackagesOf(G).map((one) => one.reference)

describe('what a join offers', () => {
  it('is read again as it was made, private half included', async () => {
    const row = await offering(1)
    const offer = readOffer(store, row)
    expect(offer.pairs).toEqual(store.mls.keyPackagesOf(G))
    expect(offer.pairs[0]?.signatureKey).toEqual(offer.identity.leafPublicKey)
    expect(store.joins.list()).toEqual([row])
  })

  it('is its own where two joins ask the same group, and goes with it alone', async () => {
    const [one, two] = [await offering(1), await offering(2)]
    const [first, second] = [readOffer(store, one).pairs, readOffer(store, two).pairs]
    expect([first.length, second.length, first[0]?.reference === second[0]?.reference]).toEqual([2, 2, false])
    expect(end(one)).toMatchObject({ state: { kind: 'cancelled' }, identity: new Uint8Array() })
    expect(offered()).toEqual(second.map((pair) => pair.reference))
    expect(() => readOffer(store, one)).toThrow(expect.objectContaining({ code: 'unreadable' }))
    expect(readOffer(store, two).pairs).toEqual(second)
  })

  it('goes even where nobody can tell any more whose it is', async () => {
    const row = await offering(1)
    end({ ...row, identity: Uint8Array.of(1, 2, 3) })
    expect(offered()).toEqual([])
  })

  it('that nobody can tell is not mistaken for what a member of the group offers', async () => {
    const row = await offering(1)
    store.transaction((tx) => tx.groups.put(groupRow()))
    end({ ...row, identity: Uint8Array.of(1, 2, 3) })
    expect(offered()).toHaveLength(2)
  })

  it('that is gone is said to be unreadable', async () => {
    const row = await offering(1)
    store.transaction((tx) => tx.mls.deleteKeyPackagesOf(G))
    expect(() => readOffer(store, row)).toThrow(expect.objectContaining({ code: 'unreadable' }))
  })
})
