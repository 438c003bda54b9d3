import type { GroupId, MemberId, PeerId } from '../../shared/domain/ids.ts'
import type { Clock } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import { faultName, shortId } from '../kernel/logger.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Network } from '../ports/network.ts'
import type { MemberOffer, SharedGroup, WelcomeAnswer, WelcomeRequest } from '../ports/wire.ts'
import type { LiveGroup } from '../sync/group/live-group.ts'
import { UNPROVEN } from '../sync/group/membership.ts'
import { offerOf, offersKnown, takeOffers } from '../sync/under/offers.ts'
import { ownOffer, replenish } from '../sync/under/stock.ts'

const ASK_MS = 20_000
/** How long to collect what is new before others are told of it. */
const PASS_ON_MS = 3_000
/** As many offers as one answer holds (`network/protocols/welcome`), in bytes and in number. */
const ANSWER = { bytes: 256 * 1024, offers: 64 } as const
/** Larger spaces ask for some of their members' offers later. */
const HAVE = 1_000

interface Deps {
  groups: ReadonlyMap<GroupId, LiveGroup>
  network: Network
  clock: Clock
  logger: Logger
  /** Offers are here that were not. */
  learned: (space: LiveGroup) => void
}

/** Sees to it that the members of each space know each other's key packages. */
export class Offers {
  readonly #deps: Deps
  readonly #timers = new Map<GroupId, () => void>()
  readonly #running = new Set<Promise<void>>()
  readonly #abort = new AbortController()

  constructor(deps: Deps) {
    this.#deps = deps
  }

  start(): void {
    for (const groupId of this.#deps.groups.keys()) this.renew(groupId)
  }

  async stop(): Promise<void> {
    this.#abort.abort()
    for (const cancel of this.#timers.values()) cancel()
    this.#timers.clear()
    await Promise.all(this.#running)
  }

  /** Something was used, or may be too old. */
  renew(groupId: GroupId): void {
    this.#run(groupId, async (space) => {
      if (await replenish(space)) this.#passOnSoon(groupId)
    })
  }

  /** A member of these groups is connected: asks for what is not here, and tells what this device offers. */
  meet(peerId: PeerId, shared: readonly SharedGroup[]): void {
    for (const { groupId, memberId } of shared)
      if (memberId !== UNPROVEN)
        this.#run(groupId, async (space) => {
          await replenish(space)
          await this.#ask(space, peerId)
        })
  }

  async answer(space: LiveGroup, from: MemberId, { own, have }: Extract<WelcomeRequest, { kind: 'offers' }>): Promise<WelcomeAnswer> {
    if (own?.memberId === from && (await takeOffers(space, [own]))) this.#news(space)
    const known = new Map(have.map(({ memberId, at }) => [memberId, at]))
    const ours = ownOffer(space)
    const isWanted = ({ memberId, at }: Pick<MemberOffer, 'memberId' | 'at'>) => memberId !== from && at > (known.get(memberId) ?? -1)
    const others = offersKnown(space)
      .filter(isWanted)
      .slice(0, ANSWER.offers)
      .flatMap(({ memberId }) => offerOf(space.deps.store, space.groupId, memberId) ?? [])
    return { kind: 'offers', offers: fitting([...(ours !== null && isWanted(ours) ? [ours] : []), ...others]) }
  }

  async #ask(space: LiveGroup, peerId: PeerId): Promise<void> {
    const { network } = this.#deps
    for (let more = true; more && !this.#abort.signal.aborted;) {
      const have = offersKnown(space).slice(0, HAVE)
      const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(ASK_MS)])
      const answer = await network.askWelcome(peerId, { kind: 'offers', groupId: space.groupId, own: ownOffer(space), have }, signal)
      more = answer.kind === 'offers' && answer.offers.length > 0 && (await takeOffers(space, answer.offers))
      if (more) this.#news(space)
    }
  }

  #news(space: LiveGroup): void {
    this.#deps.learned(space)
    this.#passOnSoon(space.groupId)
  }

  #passOnSoon(groupId: GroupId): void {
    if (this.#timers.has(groupId) || this.#abort.signal.aborted) return
    const cancel = this.#deps.clock.after(PASS_ON_MS, () => {
      this.#timers.delete(groupId)
      for (const { state, shared, peerId } of this.#deps.network.sessions())
        if (state === 'ready')
          this.meet(
            peerId,
            shared.filter((s) => s.groupId === groupId),
          )
    })
    this.#timers.set(groupId, cancel)
  }

  #run(groupId: GroupId, work: (space: LiveGroup) => Promise<void>): void {
    const space = this.#deps.groups.get(groupId)
    if (space === undefined || space.parent !== null || space.tip.row.returning || this.#abort.signal.aborted) return
    const run = space
      .idle()
      .then(() => work(space))
      .catch((thrown: unknown) => {
        const code = thrown instanceof AppError ? thrown.code : faultName(thrown)
        this.#deps.logger.info('offers-failed', { group: shortId(groupId), code })
      })
    this.#running.add(run)
    void run.finally(() => this.#running.delete(run))
  }
}

/** The first of them that go into one answer; one in any case. */
function fitting(offers: readonly MemberOffer[]): MemberOffer[] {
  let size = 0
  const room = (offer: MemberOffer): boolean => {
    size += offer.packages.reduce((sum, { length }) => sum + length, 0)
    return size <= ANSWER.bytes
  }
  return offers.slice(0, ANSWER.offers).filter((offer, i) => room(offer) || i === 0)
}
