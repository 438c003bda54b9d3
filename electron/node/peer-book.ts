import type { GroupId, MemberId, PeerId } from '../../shared/domain/ids.ts'
import type { GroupMember } from '../crypto/mls/group-engine.ts'
import type { Network } from '../ports/network.ts'
import type { Repositories, Store } from '../ports/store.ts'
import type { PeerAddress, PeerHint, SharedGroup } from '../ports/wire.ts'
import type { LiveGroup } from '../sync/group/live-group.ts'
import { UNPROVEN } from '../sync/group/membership.ts'
import { readEnded } from '../sync/members/ended.ts'

const MAX_HINTS = 64
/** Peers named in an invitation besides its maker. */
const LINK_PEERS = 3
const LINK_ADDRESSES = 3

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
    // Who was seen most lately first: hearsay must not crowd out addresses that worked.
    for (const row of this.#store.peers.list().sort((a, b) => (b.seenAt ?? 0) - (a.seenAt ?? 0))) {
      if (row.peerId === this.#network.localPeer || !this.#isFellow(row)) continue
      const known = byPeer.get(row.peerId) ?? new Set()
      for (const address of row.addresses) known.add(address)
      byPeer.set(row.peerId, known)
    }
    return [...byPeer].map(([peerId, addresses]) => ({ peerId, addresses: [...addresses].slice(0, 16) }))
  }

  /** Whoever was removed, or whose space we are out of, is nobody to look for. */
  #isFellow({ groupId, memberId }: Pick<PeerHint, 'memberId'> & { groupId: GroupId }): boolean {
    return this.#store.directory.member(groupId, memberId)?.active !== false && readEnded(this.#store, groupId) === null
  }

  /** Where we are, which is known to whoever can ask. */
  own(group: LiveGroup): PeerHint {
    return { memberId: group.self, peerId: this.#network.localPeer, addresses: this.#network.addresses().slice(0, 16) }
  }

  /** What we tell another member of a group: where we are, then where we saw others. */
  hints(group: LiveGroup): PeerHint[] {
    const members = new Set(group.members().map((m) => m.memberId))
    const others = this.#store.peers
      .ofGroup(group.groupId)
      .filter((row) => row.memberId !== group.self && members.has(row.memberId))
      .map(({ memberId, peerId, addresses }) => ({ memberId, peerId, addresses }))
    return [this.own(group), ...others].slice(0, MAX_HINTS)
  }

  /** Takes what another member said. What they say of themselves, as the peer a session proved them to be, is no hearsay. */
  learn(group: LiveGroup, hints: readonly PeerHint[], from: { memberId: MemberId; now: number }): void {
    const { groupId } = group
    const proven = this.#store.peers.ofGroup(groupId).find((row) => row.memberId === from.memberId && row.seenAt !== null)
    const [own, hearsay] = [hints.filter((h) => h.memberId === from.memberId), hints.filter((h) => h.memberId !== from.memberId)]
    this.#store.transaction((tx) => {
      for (const { memberId, peerId, addresses } of own)
        if (peerId === proven?.peerId) tx.peers.put({ groupId, memberId, peerId, addresses, seenAt: from.now })
      writeHearsay(tx, groupId, { self: group.self, members: group.members(), hints: hearsay })
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
      .filter((row) => this.#store.directory.member(groupId, row.memberId)?.active === true)
      .filter((row) => row.seenAt !== null && row.addresses.length > 0 && row.peerId !== self.peerId)
      .sort((a, b) => (b.seenAt ?? 0) - (a.seenAt ?? 0))
      .map(({ peerId, addresses }) => ({ peerId, addresses: shortest(addresses) }))
    return [self, ...others].slice(0, 1 + LINK_PEERS)
  }
}

/** Where others say that members are; of strangers and of ourselves nothing is taken. */
export function writeHearsay(
  tx: Repositories,
  groupId: GroupId,
  { self, members, hints }: { self: MemberId; members: readonly GroupMember[]; hints: readonly PeerHint[] },
): void {
  const known = new Set(members.map((m) => m.memberId))
  for (const { memberId, peerId, addresses } of hints)
    if (known.has(memberId) && memberId !== self) tx.peers.put({ groupId, memberId, peerId, addresses, seenAt: null })
}

/** The peer id is in the link once; repeating it in every address would double the size of the QR code. */
const shortest = (addresses: readonly string[]): string[] => {
  const short = [...new Set(addresses.map((address) => address.replace(/\/p2p\/[1-9A-Za-z]+$/, '')))].sort((a, b) => a.length - b.length)
  const onlyHere = (address: string): boolean => /^\/ip4\/127\.|^\/ip6\/::1\//.test(address)
  return [...short.filter((address) => !onlyHere(address)), ...short.filter(onlyHere)].slice(0, LINK_ADDRESSES)
}
