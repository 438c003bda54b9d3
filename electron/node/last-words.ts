import type { Eid, GroupId, ObjectId, PeerId } from '../../shared/domain/ids.ts'
import { toHex } from '../kernel/bytes.ts'
import { AppError } from '../kernel/errors.ts'
import type { Logger } from '../kernel/logger.ts'
import { faultName, shortId } from '../kernel/logger.ts'
import type { Network } from '../ports/network.ts'
import type { Store } from '../ports/store.ts'
import type { LeaveRequest, ObjectAck } from '../ports/wire.ts'
import { batches } from '../sync/delivery/batches.ts'
import type { LiveGroup } from '../sync/group/live-group.ts'
import { keptClaims } from '../sync/intents/left-claims.ts'
import { readEnded } from '../sync/members/ended.ts'
import { readLeaveOffer } from '../sync/members/leave-offer.ts'
import { putSaid } from '../sync/members/said.ts'
import { wayOut } from '../sync/members/way-out.ts'
import type { PeerBook } from './peer-book.ts'

const REQUEST_MS = 15_000
/** Who never heard of that member puts it off for ever. So often each is told what others said; of its own will to leave a member has to hear. */
const MOST_TIMES = 5

interface Deps {
  network: Pick<Network, 'push' | 'askLeave' | 'sessions'>
  store: Store
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
  readonly #abort = new AbortController()

  constructor(deps: Deps) {
    this.#deps = deps
  }

  /** Whoever came since could follow nothing of it, and whoever was removed is nobody to tell: they would have it, and no member. */
  async give(group: LiveGroup, peerId: PeerId, known: readonly Eid[] = []): Promise<void> {
    try {
      await this.#give(group, peerId, known)
    } catch (thrown) {
      const code = thrown instanceof AppError ? thrown.code : faultName(thrown)
      this.#deps.logger.info('last-words-not-taken', { peer: shortId(peerId), code })
    }
  }

  async #give(group: LiveGroup, peerId: PeerId, known: readonly Eid[]): Promise<void> {
    const whom = this.#deps.peerBook.memberAt(group, peerId)
    if (!group.members().some(({ memberId }) => memberId === whom)) return
    const given = this.#given.get(group) ?? new Map<PeerId, number>()
    this.#given.set(group, given)
    const before = given.get(peerId) ?? 0
    const [way, claims] = [wayOut(group, known), this.#claims(group)]
    const all = way.length + claims.length
    if (before >= all) return
    given.set(peerId, all)
    let isHeard = false
    try {
      isHeard = (await this.#bring(group, peerId, way)) && (await this.#tell(group, peerId, claims))
    } finally {
      if (!isHeard) given.set(peerId, before)
    }
    if (isHeard) this.said(group.groupId)
  }

  /** This device is out: who is connected hears the rest at once, since they may have no reason to ask. `isBrought`: a member has the commits. */
  parted(group: LiveGroup, isBrought: boolean): void {
    this.#deps.peerBook.lookForAll()
    if (isBrought && this.#claims(group).length === 0) return this.said(group.groupId)
    if (readEnded(this.#deps.store, group.groupId)?.unsaid !== true) return
    for (const { peerId, shared } of this.#deps.network.sessions())
      if (shared.some(({ groupId }) => groupId === group.groupId)) void this.give(group, peerId)
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
