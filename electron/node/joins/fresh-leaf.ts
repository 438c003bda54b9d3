import { decodeLocalIdentity, leafForGroup } from '../../identity/index.ts'
import type { GroupEngine } from '../../crypto/mls/group-engine.ts'
import { equalBytes } from '../../kernel/bytes.ts'
import type { Random } from '../../kernel/random.ts'
import type { Network } from '../../ports/network.ts'
import type { JoinRow, Store } from '../../ports/store.ts'
import { offerLeaf, readOffer } from '../../sync/returning/offer.ts'
import type { ReturnOffer } from '../../sync/returning/offer.ts'

/** In how many rounds a join has to hear that somebody else has its Welcome, before another member is asked for a fresh leaf: some 20 s. */
const PATIENCE = 4

interface Deps {
  store: Store
  engine: GroupEngine
  random: Random
  network: Pick<Network, 'localPeer'>
}

/**
 * Whoever let a newcomer in may be gone before the Welcome arrives: for good, or removed. Then the leaf it was given is no use to anybody, and
 * a fresh one takes its place, which any member may do (SPEC.md R6).
 */
export class FreshLeaf {
  readonly #deps: Deps
  #rounds = 0

  constructor(deps: Deps) {
    this.#deps = deps
  }

  /** What is asked with beside the request; null until it has come to that. */
  offer({ groupId, joinId }: JoinRow): ReturnOffer | null {
    return readOffer(this.#deps.store, groupId, this.#deps.network.localPeer, joinId)
  }

  /**
   * A round went by in which this device was told to wait. `leafKeys`: of the leaves that members say it has where they are; none where they
   * only said to wait, which may be of a leaf that this device forgot.
   */
  async toldToWait(row: JoinRow, leafKeys: readonly Uint8Array[]): Promise<void> {
    const { random, network } = this.#deps
    const { joinId, groupId } = row
    const identity = decodeLocalIdentity(row.identity)
    this.#rounds += 1
    const before = this.offer(row)
    const leafKey = this.#believed(leafKeys, before, identity.leafPublicKey)
    if (this.#rounds < PATIENCE || (before !== null && equalBytes(before.request.leafKey, leafKey))) return
    this.#rounds = 0
    const fresh = leafForGroup(identity, groupId, random)
    await offerLeaf(this.#deps, { groupId, slot: joinId, identity: fresh, leafKey, peerId: network.localPeer })
  }

  /** Anybody named in the link may make up a key, and would be named first each time: so one that this device had, and of several any. */
  #believed(told: readonly Uint8Array[], before: ReturnOffer | null, first: Uint8Array): Uint8Array {
    const own = [first, ...(before === null ? [] : [before.freshKey])]
    const known = told.filter((key) => own.some((one) => equalBytes(one, key)))
    const among = known.length > 0 ? known : told
    return among[among.length > 1 ? Math.floor(this.#deps.random.fraction() * among.length) : 0] ?? first
  }
}
