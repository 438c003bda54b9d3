import type { GroupId, MemberId, PeerId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logger.ts'
import { faultName, shortId } from '../../kernel/logger.ts'
import { drawLots } from '../../kernel/lots.ts'
import type { Random } from '../../kernel/random.ts'
import type { Network } from '../../ports/network.ts'
import type { PeerHint, SharedGroup } from '../../ports/wire.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { UNPROVEN } from '../../sync/group/membership.ts'
import type { PeerBook } from './peer-book.ts'

const REQUEST_MS = 15_000
/** Who is new was told where everybody is, and has so long, or up to twice as long by chance, to come here by itself. */
const NEW_MS = 2_000
/** Who went, or moved, has so long, or up to twice as long. */
const GONE_MS = 20_000
/** It is asked more and more seldom, up to this. */
const LAST_MS = 10 * 60_000

interface Deps {
  groups: ReadonlyMap<GroupId, LiveGroup>
  network: Network
  peerBook: PeerBook
  clock: Clock
  random: Random
  logger: Logger
}

interface Search extends Lack {
  /** How long the pause was that is over at `dueAt`. */
  pauseMs: number
  dueAt: number
  cancel: () => void
}

/** Members who are not connected; of those, the ones whose address nobody told. */
interface Lack {
  missing: ReadonlySet<MemberId>
  unknown: ReadonlySet<MemberId>
}

/**
 * Has members tell each other where they are: when they meet, when an address changes, and again while somebody is missing. One telling is
 * not enough: of two who join at once the first is told before the second is there, and the second perhaps before it knows the first for a
 * member; and who cannot be dialled has to hear from others where somebody went.
 */
export class Whereabouts {
  readonly #deps: Deps
  /** Who is connected, and proved to be which member. */
  readonly #met = new Map<PeerId, Map<GroupId, MemberId>>()
  readonly #searches = new Map<GroupId, Search>()
  /** Our addresses as they were told last. */
  #told: string | null = null
  readonly #abort = new AbortController()

  constructor(deps: Deps) {
    this.#deps = deps
  }

  /** A session is ready, or shares other groups than before. */
  ready(peerId: PeerId, shared: readonly SharedGroup[]): void {
    const before = this.#met.get(peerId)
    const now = new Map<GroupId, MemberId>()
    this.#met.set(peerId, now)
    for (const { groupId, memberId } of shared) {
      const group = this.#deps.groups.get(groupId)
      if (group === undefined || memberId === UNPROVEN) continue
      now.set(groupId, memberId)
      if (before?.get(groupId) !== memberId) this.#tell(group, peerId, memberId)
    }
    for (const groupId of new Set([...(before?.keys() ?? []), ...now.keys()])) this.changed(groupId)
  }

  closed(peerId: PeerId): void {
    const before = this.#met.get(peerId)
    this.#met.delete(peerId)
    for (const groupId of before?.keys() ?? []) this.changed(groupId)
  }

  /** Whoever is connected learns our new addresses at once, above all those by relays. */
  announce(): void {
    const where = this.#deps.network.addresses().join()
    const isNews = this.#told !== null && this.#told !== where
    this.#told = where
    if (!isNews) return
    for (const [peerId, byGroup] of this.#met)
      for (const [groupId, memberId] of byGroup) {
        const group = this.#deps.groups.get(groupId)
        if (group !== undefined) this.#tell(group, peerId, memberId)
      }
  }

  /** Others may be members, or missing, than before. What is under a space has no members of its own. */
  changed(groupId: GroupId): void {
    const lack = this.#lack(groupId)
    const search = this.#searches.get(groupId)
    if (lack === null || this.#abort.signal.aborted) return this.#end(groupId)
    const isMore = (now: ReadonlySet<MemberId>, then: ReadonlySet<MemberId> | undefined) => [...now].some((id) => then?.has(id) !== true)
    const firstMs = isMore(lack.unknown, search?.unknown) ? NEW_MS : isMore(lack.missing, search?.missing) ? GONE_MS : null
    if (search === undefined) return this.#later(groupId, lack, firstMs ?? GONE_MS)
    Object.assign(search, lack)
    if (firstMs === null) return
    if (this.#deps.clock.now() + 2 * firstMs < search.dueAt) this.#later(groupId, lack, firstMs)
    else search.pauseMs = Math.min(search.pauseMs, firstMs)
  }

  stop(): void {
    this.#abort.abort()
    for (const groupId of [...this.#searches.keys()]) this.#end(groupId)
  }

  #later(groupId: GroupId, lack: Lack, pauseMs: number): void {
    const { clock, random } = this.#deps
    const ms = pauseMs * (1 + random.fraction())
    this.#searches.get(groupId)?.cancel()
    this.#searches.set(groupId, { ...lack, pauseMs, dueAt: clock.now() + ms, cancel: clock.after(ms, () => this.#ask(groupId)) })
  }

  #end(groupId: GroupId): void {
    this.#searches.get(groupId)?.cancel()
    this.#searches.delete(groupId)
  }

  /** One of those who are connected, drawn by lot: that one may not know, or be wrong. */
  #ask(groupId: GroupId): void {
    const { groups, random, peerBook } = this.#deps
    const group = groups.get(groupId)
    const lack = this.#lack(groupId)
    const pauseMs = this.#searches.get(groupId)?.pauseMs ?? GONE_MS
    if (group === undefined || lack === null) return this.#end(groupId)
    for (const one of drawLots(random, this.#metIn(groupId), 1)) void this.#exchange(group, one, () => peerBook.own(group))
    this.#later(groupId, lack, Math.min(LAST_MS, pauseMs * 2))
  }

  /** Null: nobody to ask after, or nobody to ask. */
  #lack(groupId: GroupId): Lack | null {
    const group = this.#deps.groups.get(groupId)
    if (group === undefined || group.parent !== null) return null
    const here = new Set(this.#metIn(groupId).map(({ memberId }) => memberId))
    const others = group.members().flatMap(({ memberId }) => (memberId === group.self || here.has(memberId) ? [] : memberId))
    if (here.size === 0 || others.length === 0) return null
    const located = this.#deps.peerBook.located(groupId)
    return { missing: new Set(others), unknown: new Set(others.filter((memberId) => !located.has(memberId))) }
  }

  #metIn(groupId: GroupId): { peerId: PeerId; memberId: MemberId }[] {
    return [...this.#met].flatMap(([peerId, byGroup]) => {
      const memberId = byGroup.get(groupId)
      return memberId === undefined ? [] : { peerId, memberId }
    })
  }

  #tell(group: LiveGroup, peerId: PeerId, memberId: MemberId): void {
    void this.#exchange(group, { peerId, memberId }, () => this.#deps.peerBook.hints(group))
  }

  async #exchange(
    group: LiveGroup,
    { peerId, memberId }: { peerId: PeerId; memberId: MemberId },
    ours: () => Promise<PeerHint[]>,
  ): Promise<void> {
    const { network, peerBook, clock, logger } = this.#deps
    const deadline = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(REQUEST_MS)])
    try {
      const theirs = await network.hints(peerId, group.groupId, await ours(), deadline)
      peerBook.learn(group, await peerBook.open(theirs, group.groupId), { memberId, now: clock.now() })
    } catch (thrown) {
      logger.info('hints-failed', { peer: shortId(peerId), fault: faultName(thrown) })
    }
  }
}
