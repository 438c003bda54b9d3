import type { Eid, GroupId, ObjectId, PeerId } from '../../../shared/domain/ids.ts'
import { toHex } from '../../kernel/bytes.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/logger.ts'
import { faultName, shortId } from '../../kernel/logger.ts'
import type { Network } from '../../ports/network.ts'
import type { Store } from '../../ports/store.ts'
import type { LeaveRequest, ObjectAck } from '../../ports/wire.ts'
import { batches } from '../../sync/delivery/batches.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { claimsIn, keptClaims } from '../../sync/intents/left-claims.ts'
import { readEnded } from '../../sync/members/ended.ts'
import { readLeaveOffer } from '../../sync/members/leave-offer.ts'
import { putSaid } from '../../sync/members/said.ts'
import { leftBehind, wayOut } from '../../sync/members/way-out.ts'
import type { PeerBook } from '../meeting/peer-book.ts'

const REQUEST_MS = 15_000
/** Whoever did not take it, and stays connected, has no reason to ask again. */
const RETRY = { firstMs: 2_000, lastMs: 60_000 } as const
/** Who never heard of that member puts it off for ever. So often each is told what others said; of its own will to leave a member has to hear. */
const MOST_TIMES = 5
/** So long who leaves for good waits until others have heard who left before. */
const HANDED_MS = 2_000
const MOST_HANDED = 32

interface Deps {
  network: Pick<Network, 'push' | 'askLeave' | 'sessions'>
  store: Store
  clock: Clock
  peerBook: Pick<PeerBook, 'lookForAll' | 'memberAt'>
  logger: Logger
  /** A member has all that was to be brought. */
  said: (groupId: GroupId) => void
}

/**
 * Whoever is removed may reach nobody at that moment. Then it brings what it knew until then to members that ask it later where it is: to each
 * until they took it, while this device runs (SPEC.md T8).
 */
export class LastWords {
  readonly #deps: Deps
  /** How much each peer has taken. */
  readonly #given = new WeakMap<LiveGroup, Map<PeerId, number>>()
  /** How often each peer put off each claim; Infinity where it has heard it. */
  readonly #putOff = new Map<string, number>()
  readonly #retries = new Map<string, () => void>()
  /** How often each did not take it. */
  readonly #times = new Map<string, number>()
  readonly #abort = new AbortController()

  constructor(deps: Deps) {
    this.#deps = deps
  }

  /** Whoever came since could follow nothing of it, and whoever was removed is nobody to tell: they would have it, and no member. */
  async give(group: LiveGroup, peerId: PeerId, known: readonly Eid[] = []): Promise<void> {
    let isTaken = false
    try {
      isTaken = await this.#give(group, peerId, known)
    } catch (thrown) {
      const code = thrown instanceof AppError ? thrown.code : faultName(thrown)
      this.#deps.logger.info('last-words-not-taken', { peer: shortId(peerId), code })
    }
    if (!isTaken) this.#later(group, peerId, known)
  }

  /** Again, as long as this is still to be said and they are connected. */
  #later(group: LiveGroup, peerId: PeerId, known: readonly Eid[]): void {
    const { clock, store } = this.#deps
    const name = `${group.groupId}/${peerId}`
    if (this.#abort.signal.aborted || this.#retries.has(name)) return
    const times = this.#times.get(name) ?? 0
    this.#times.set(name, times + 1)
    const cancel = clock.after(Math.min(RETRY.lastMs, RETRY.firstMs * 2 ** Math.min(times, 10)), () => {
      this.#retries.delete(name)
      const isOpen = readEnded(store, group.groupId)?.unsaid === true
      if (isOpen && this.#sharing(group.groupId).includes(peerId)) void this.give(group, peerId, known)
    })
    this.#retries.set(name, cancel)
  }

  /** Answers whether there is nothing to bring that peer any more. */
  async #give(group: LiveGroup, peerId: PeerId, known: readonly Eid[]): Promise<boolean> {
    const whom = this.#deps.peerBook.memberAt(group, peerId)
    if (!group.members().some(({ memberId }) => memberId === whom)) return true
    const given = this.#given.get(group) ?? new Map<PeerId, number>()
    this.#given.set(group, given)
    const before = given.get(peerId) ?? 0
    const [way, claims] = [wayOut(group, known), this.#claims(group)]
    const all = way.length + claims.length
    if (before >= all) return true
    given.set(peerId, all)
    let isHeard = false
    try {
      isHeard = (await this.#bring(group, peerId, way)) && (await this.#tell(group, peerId, claims))
    } finally {
      if (!isHeard) given.set(peerId, before)
    }
    if (isHeard) this.said(group.groupId)
    return isHeard
  }

  #sharing(groupId: GroupId): PeerId[] {
    return this.#deps.network.sessions().flatMap(({ peerId, shared }) => (shared.some((one) => one.groupId === groupId) ? peerId : []))
  }

  /** This device is out: who is connected hears the rest at once, since they may have no reason to ask. `isBrought`: a member has the commits. */
  parted(group: LiveGroup, isBrought: boolean): void {
    this.#deps.peerBook.lookForAll()
    if (isBrought && this.#claims(group).length === 0) return this.said(group.groupId)
    if (readEnded(this.#deps.store, group.groupId)?.unsaid !== true) return
    for (const peerId of this.#sharing(group.groupId)) void this.give(group, peerId)
  }

  /**
   * This device goes for good, and no member took all that it brought: whoever came later cannot follow the commits by which it let others go. So those
   * who are connected hear what these said, and see to it where they are (SPEC.md T6).
   */
  async handOver(group: LiveGroup): Promise<void> {
    const { groupId, deps } = group
    if (readEnded(deps.store, groupId)?.kind !== 'left') return
    const claims = [...keptClaims(group), ...claimsIn(group, leftBehind(group))].slice(0, MOST_HANDED)
    const hand = (peerId: PeerId) => Promise.all(claims.map((claim) => this.#deps.network.askLeave(peerId, claim, this.#deadline())))
    const handed = Promise.allSettled(claims.length === 0 ? [] : this.#sharing(groupId).map(hand))
    // Heard or not: who leaves waits no longer for that.
    await new Promise<void>((resolve) => {
      const cancel = this.#deps.clock.after(HANDED_MS, resolve)
      void handed.then(() => {
        cancel()
        resolve()
      })
    })
  }

  /** A member has all that was to be brought: nobody is looked for any more. */
  said(groupId: GroupId): void {
    const { store, peerBook, logger } = this.#deps
    if (readEnded(store, groupId)?.unsaid !== true) return
    try {
      store.transaction((tx) => putSaid(tx, groupId))
      peerBook.lookForAll()
      this.#deps.said(groupId)
    } catch (thrown) {
      // It is brought once more, which changes nothing.
      logger.error('said-not-stored', { fault: faultName(thrown) })
    }
  }

  /** What others said who left, and what this device has to say itself that wanted to. */
  #claims(group: LiveGroup): LeaveRequest[] {
    const own = readLeaveOffer(this.#deps.store, group)
    return [...keptClaims(group), ...(own === null ? [] : [own.request])]
  }

  /** They were out already by a commit that nobody may follow, were told so here, and ask nobody else. Answers whether all was heard. */
  async #tell({ self }: LiveGroup, peerId: PeerId, claims: readonly LeaveRequest[]): Promise<boolean> {
    let isHeard = true
    for (const claim of claims) {
      const name = `${peerId}/${claim.groupId}/${toHex(claim.leafKey)}`
      const times = this.#putOff.get(name) ?? 0
      if (times >= (claim.memberId === self ? Infinity : MOST_TIMES)) continue
      const { kind } = await this.#deps.network.askLeave(peerId, claim, this.#deadline())
      this.#putOff.set(name, kind === 'later' ? times + 1 : Infinity)
      isHeard &&= kind !== 'later'
    }
    return isHeard
  }

  #deadline(): AbortSignal {
    return AbortSignal.any([this.#abort.signal, AbortSignal.timeout(REQUEST_MS)])
  }

  stop(): void {
    this.#abort.abort()
    for (const cancel of this.#retries.values()) cancel()
    this.#retries.clear()
  }

  /** Answers whether there is no use in bringing it again. */
  async #bring({ groupId, deps }: LiveGroup, peerId: PeerId, way: readonly ObjectId[]): Promise<boolean> {
    const commits = way.flatMap((objectId) => deps.store.objects.get(objectId) ?? [])
    const all: ObjectAck[] = []
    for (const batch of batches(commits, ({ bytes }) => bytes.length)) {
      const objects = batch.map(({ eid, bytes }) => ({ eid, bytes }))
      all.push(...(await this.#deps.network.push(peerId, { groupId, objects }, this.#deadline())))
    }
    return all.every((ack) => ack === 'stored' || ack === 'rejected')
  }
}
