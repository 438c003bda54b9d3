import type { GroupId, MemberId, PeerId } from '../../../shared/domain/ids.ts'
import type { GroupMember } from '../../crypto/mls/group-engine.ts'
import { equalBytes } from '../../kernel/bytes.ts'
import type { Network } from '../../ports/network.ts'
import type { Repositories, Store } from '../../ports/store.ts'
import type { PeerAddress, PeerHint, PeerRecord, SharedGroup } from '../../ports/wire.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { UNPROVEN } from '../../sync/group/membership.ts'
import { readEnded } from '../../sync/members/ended.ts'
import { relayOf } from '../../network/libp2p/relay-address.ts'
import { relaysIn } from '../mailbox/who-asks.ts'
import { mailboxesOf } from './reach.ts'

const MAX_HINTS = 64
/** Peers named in an invitation besides its maker. */
const LINK_PEERS = 3
const LINK_ADDRESSES = 3
const LINK_RELAYS = 2

const isRelayed = (address: string): boolean => address.includes('/p2p-circuit')

/** Where the members of our groups were last reached. */
export class PeerBook {
  readonly #store: Store
  readonly #network: Network

  readonly #relaysChanged: (groupId: GroupId) => void

  /** `relaysChanged`: a member of that group is known to use other relays than before. */
  constructor(store: Store, network: Network, relaysChanged: (groupId: GroupId) => void = () => undefined) {
    this.#store = store
    this.#network = network
    this.#relaysChanged = relaysChanged
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

  /** Has the network look for all of them. */
  lookForAll(): void {
    this.#network.setWanted(this.wanted())
  }

  /** Whoever was removed, or whose space we are out of, is nobody to look for, unless they are to be told something yet. */
  #isFellow({ groupId, memberId }: { groupId: GroupId; memberId: MemberId }): boolean {
    const ended = readEnded(this.#store, groupId)
    return this.#store.directory.member(groupId, memberId)?.active !== false && (ended === null || ended.unsaid === true)
  }

  /** Who is at the other end: as it proves now, in the group or in the space that is under, or as it proved in any session before. */
  memberAt({ groupId, parent }: LiveGroup, peerId: PeerId): MemberId {
    const shared = this.#network.sessions().find((session) => session.peerId === peerId)?.shared ?? []
    const proven = shared.filter(({ memberId }) => memberId !== UNPROVEN)
    const rows = this.#store.peers.ofGroup(parent ?? groupId).filter((row) => row.peerId === peerId && row.seenAt !== null)
    const found = [...proven.filter((s) => s.groupId === groupId), ...proven.filter((s) => s.groupId === parent), ...rows]
    return found[0]?.memberId ?? UNPROVEN
  }

  /** Where we are, which is known to whoever can ask. */
  async own(group: LiveGroup): Promise<PeerHint[]> {
    const record = await this.#network.record()
    return record === null ? [] : [{ memberId: group.self, record }]
  }

  /** Members of whom there is an address. */
  located(groupId: GroupId): Set<MemberId> {
    return new Set(this.#store.peers.ofGroup(groupId).flatMap(({ memberId, addresses }) => (addresses.length > 0 ? memberId : [])))
  }

  /** What we tell another member of a group: where we are, then where others say they are, as they signed it. */
  async hints(group: LiveGroup): Promise<PeerHint[]> {
    const self = await this.own(group)
    const members = new Set(group.members().map((m) => m.memberId))
    const others = this.#store.peers
      .ofGroup(group.groupId)
      .filter((row) => row.memberId !== group.self && members.has(row.memberId))
      .flatMap(({ memberId, record }): PeerHint[] => (record === null ? [] : [{ memberId, record }]))
    return [...self, ...others].slice(0, MAX_HINTS)
  }

  /** What hints say; those that nobody signed, or somebody else, are left out, and so is what is known already. */
  async open(hints: readonly PeerHint[], groupId: GroupId): Promise<Heard[]> {
    const known = new Map(this.#store.peers.ofGroup(groupId).map((row) => [row.memberId, row.record]))
    const isNews = ({ memberId, record }: PeerHint): boolean => {
      const before = known.get(memberId)
      return before === null || before === undefined || !equalBytes(before, record)
    }
    const opened = await Promise.all(
      hints.filter(isNews).map(async ({ memberId, record }) => {
        const said = await this.#network.openRecord(record)
        return said === null ? [] : [{ ...said, memberId }]
      }),
    )
    return opened.flat()
  }

  /** Takes what another member said, and looks there. What they say of themselves, as the peer a session proved them to be, is no hearsay. */
  learn(group: LiveGroup, heard: readonly Heard[], from: { memberId: MemberId; now: number }): void {
    const { groupId } = group
    const proven = this.#store.peers.ofGroup(groupId).find((row) => row.memberId === from.memberId && row.seenAt !== null)
    const [own, hearsay] = [heard.filter((h) => h.memberId === from.memberId), heard.filter((h) => h.memberId !== from.memberId)]
    const news = { isNew: false }
    const before = this.#relays(groupId)
    group.note((tx) => {
      // A clock that was put back makes no old record of what the peer itself says now.
      for (const { memberId, peerId, addresses, seq, record } of own) {
        if (peerId !== proven?.peerId) continue
        tx.peers.put({ groupId, memberId, peerId, addresses, seq, record, seenAt: from.now })
        news.isNew = true
      }
      news.isNew = writeHearsay(tx, groupId, { self: group.self, members: group.members(), heard: hearsay }) || news.isNew
    })
    if (news.isNew) this.lookForAll()
    if (news.isNew && this.#relays(groupId) !== before) this.#relaysChanged(groupId)
  }

  /** Who of a group uses which. */
  #relays(groupId: GroupId): string {
    return this.#store.peers
      .ofGroup(groupId)
      .map(({ memberId, addresses }) => [memberId, ...relaysIn(addresses).toSorted()].join())
      .join(' ')
  }

  /** A session proved who this peer is in a group; keep the addresses already known. */
  seen(peerId: PeerId, shared: SharedGroup, now: number): void {
    if (shared.memberId === UNPROVEN) return
    const known = this.#store.peers.ofGroup(shared.groupId).find((row) => row.memberId === shared.memberId)
    const { addresses, seq, record } = known?.peerId === peerId ? known : { addresses: [], seq: 0, record: null }
    this.#store.transaction((tx) => {
      if (tx.groups.get(shared.groupId) !== null) tx.peers.put({ ...shared, peerId, addresses, seq, record, seenAt: now })
    })
    if (known !== undefined && known.addresses !== addresses && relaysIn(known.addresses).length > 0) this.#relaysChanged(shared.groupId)
  }

  /** Whom an invitation names: ourselves first, then members seen most lately, so that no one person must be online. */
  linkPeers(groupId: GroupId): PeerAddress[] {
    const self = { peerId: this.#network.localPeer, addresses: this.#linkAddresses() }
    const others = this.#store.peers
      .ofGroup(groupId)
      .filter((row) => this.#store.directory.member(groupId, row.memberId)?.active === true)
      .filter((row) => row.seenAt !== null && row.addresses.length > 0 && row.peerId !== self.peerId)
      .sort((a, b) => (b.seenAt ?? 0) - (a.seenAt ?? 0))
      .map(({ peerId, addresses }) => ({ peerId, addresses: shortest(addresses) }))
    return [self, ...others].slice(0, 1 + LINK_PEERS)
  }

  /** With relays where there is no place for us yet, or no more: by the time the link is opened there may be one, and who opens it takes them for its own. */
  #linkAddresses(): string[] {
    const addresses = shortest(this.#network.addresses())
    if (addresses.length === 0) return []
    const named = new Set(addresses.flatMap((address) => relayOf(address)?.relayId ?? []))
    const others = mailboxesOf(this.#store).filter(({ peerId }) => !named.has(peerId))
    const relayed = others.flatMap(({ addresses: [address] }) => (address === undefined ? [] : `${address}/p2p-circuit`))
    return [...addresses, ...relayed.slice(0, LINK_RELAYS - named.size)]
  }
}

/** A record whose signature proved right, and the member whose it is said to be. */
export interface Heard extends PeerRecord {
  memberId: MemberId
}

/**
 * Where others say that members are; of strangers and of ourselves nothing is taken, and nothing older than what is known. Whose peer it is
 * stays as a session proved it, but where that peer is it may tell by others, since it signs. Answers whether anything is new.
 */
export function writeHearsay(
  tx: Repositories,
  groupId: GroupId,
  { self, members, heard }: { self: MemberId; members: readonly GroupMember[]; heard: readonly Heard[] },
): boolean {
  let isNew = false
  const fellows = new Set(members.map((m) => m.memberId))
  const rows = new Map(tx.peers.ofGroup(groupId).map((row) => [row.memberId, row]))
  for (const { memberId, peerId, addresses, seq, record } of heard) {
    const known = rows.get(memberId)
    const isSame = known?.peerId === peerId
    if (!fellows.has(memberId) || memberId === self || (isSame && known.seq >= seq) || (!isSame && known?.seenAt != null)) continue
    tx.peers.put({ groupId, memberId, peerId, addresses, seq, record, seenAt: isSame ? known.seenAt : null })
    isNew = true
  }
  return isNew
}

/**
 * The peer id is in the link once; repeating it in every address would double the size of the QR code. Relays have places of their own:
 * whoever is elsewhere gets in by them alone, and by the second when the first is gone.
 */
const shortest = (addresses: readonly string[]): string[] => {
  const short = [...new Set(addresses.map((address) => address.replace(/\/p2p\/[1-9A-Za-z]+$/, '')))].sort((a, b) => a.length - b.length)
  const onlyHere = (address: string): boolean => /^\/ip4\/127\.|^\/ip6\/::1\//.test(address)
  const [relayed, direct] = [short.filter(isRelayed), short.filter((address) => !isRelayed(address))]
  const nearest = [...direct.filter((address) => !onlyHere(address)), ...direct.filter(onlyHere)]
  return [...nearest.slice(0, LINK_ADDRESSES), ...relayed.slice(0, LINK_RELAYS)]
}
