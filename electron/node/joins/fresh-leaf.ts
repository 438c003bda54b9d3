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

  /** Where members are this device has that leaf, and none of those asked has what opens it. */
  async told(row: JoinRow, leafKey: Uint8Array): Promise<void> {
    const { joinId, groupId, identity } = row
    this.#rounds += 1
    const before = this.offer(row)
    const isOffered = before !== null && equalBytes(before.request.leafKey, leafKey)
    if (this.#rounds < PATIENCE || isOffered) return
    this.#rounds = 0
    const { random, network } = this.#deps
    const fresh = leafForGroup(decodeLocalIdentity(identity), groupId, random)
    await offerLeaf(this.#deps, { groupId, slot: joinId, identity: fresh, leafKey, peerId: network.localPeer })
  }
}
