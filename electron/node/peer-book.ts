import type { GroupId, MemberId, PeerId } from '../../shared/domain/ids.ts'
import type { Network } from '../ports/network.ts'
import type { Store } from '../ports/store.ts'
import type { PeerAddress, PeerHint, SharedGroup } from '../ports/wire.ts'
import type { LiveGroup } from '../sync/group/live-group.ts'
import { UNPROVEN } from '../sync/group/membership.ts'

const MAX_HINTS = 64
/** Peers named in an invitation besides its maker. */
const LINK_PEERS = 3
const LINK_ADDRESSES = 6

/** Where the members of our groups were last reached. */
export class PeerBook {
  readonly #store: Store
  readonly #network: Network

  constructor(store: Store, network: Network) {
    this.#store = store
    this.#network = network
  }

  /** Everyone we share a group with, each peer once, with every address known of it. */
  wanted(): PeerAddress[] {
    const byPeer = new Map<PeerId, Set<string>>()
    for (const row of this.#store.peers.list()) {
      if (row.peerId === this.#network.localPeer) continue
      const known = byPeer.get(row.peerId) ?? new Set()
      for (const address of row.addresses) known.add(address)
      byPeer.set(row.peerId, known)
    }
    return [...byPeer].map(([peerId, addresses]) => ({ peerId, addresses: [...addresses].slice(0, 16) }))
  }

  /** What we tell another member of a group: where we are, then where we saw others. */
  hints(group: LiveGroup): PeerHint[] {
    const self: PeerHint = { memberId: group.self, peerId: this.#network.localPeer, addresses: this.#network.addresses().slice(0, 16) }
    const members = new Set(group.members().map((m) => m.memberId))
    const others = this.#store.peers
      .ofGroup(group.groupId)
      .filter((row) => row.memberId !== group.self && members.has(row.memberId))
      .map(({ memberId, peerId, addresses }) => ({ memberId, peerId, addresses }))
    return [self, ...others].slice(0, MAX_HINTS)
  }

  /** Takes what another member said. Only members count; what they say of themselves in a session of their own is no hearsay. */
  learn(group: LiveGroup, hints: readonly PeerHint[], from: { memberId: MemberId; now: number }): void {
    const members = new Set(group.members().map((m) => m.memberId))
    const useful = hints.filter((hint) => members.has(hint.memberId) && hint.memberId !== group.self)
    if (useful.length === 0) return
    this.#store.transaction((tx) => {
      for (const { memberId, peerId, addresses } of useful) {
        const seenAt = from.memberId === memberId ? from.now : null
        tx.peers.put({ groupId: group.groupId, memberId, peerId, addresses, seenAt })
      }
    })
  }

  /** A session proved who this peer is in a group; keep the addresses already known. */
  seen(peerId: PeerId, shared: SharedGroup, now: number): void {
    if (shared.memberId === UNPROVEN) return
    const known = this.#store.peers.ofGroup(shared.groupId).find((row) => row.memberId === shared.memberId)
    const addresses = known?.peerId === peerId ? known.addresses : []
    this.#store.transaction((tx) => tx.peers.put({ ...shared, peerId, addresses, seenAt: now }))
  }

  /** Whom an invitation names: ourselves first, then members seen most lately, so that no one person must be online. */
  linkPeers(groupId: GroupId): PeerAddress[] {
    const self = { peerId: this.#network.localPeer, addresses: shortest(this.#network.addresses()) }
    const others = this.#store.peers
      .ofGroup(groupId)
      .filter((row) => row.seenAt !== null && row.addresses.length > 0 && row.peerId !== self.peerId)
      .sort((a, b) => (b.seenAt ?? 0) - (a.seenAt ?? 0))
      .map(({ peerId, addresses }) => ({ peerId, addresses: shortest(addresses) }))
    return [self, ...others].slice(0, 1 + LINK_PEERS)
  }
}

/** The peer id is in the link once; repeating it in every address would double the size of the QR code. */
const shortest = (addresses: readonly string[]): string[] =>
  [...new Set(addresses.map((address) => address.replace(/\/p2p\/[1-9A-Za-z]+$/, '')))]
    .sort((a, b) => a.length - b.length)
    .slice(0, LINK_ADDRESSES)
