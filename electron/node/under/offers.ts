import type { GroupId, MemberId, PeerId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import { faultName, shortId } from '../../kernel/logger.ts'
import type { Logger } from '../../kernel/logger.ts'
import { drawLots } from '../../kernel/lots.ts'
import type { Random } from '../../kernel/random.ts'
import type { Network } from '../../ports/network.ts'
import type { MemberOffer, SharedGroup, WelcomeAnswer, WelcomeRequest } from '../../ports/wire.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { UNPROVEN } from '../../sync/group/membership.ts'
import { offerOf, offersKnown, takeOffers } from '../../sync/under/offers.ts'
import { ownOffer, replenish } from '../../sync/under/stock.ts'

const ASK_MS = 20_000
/**
 * How long to collect what is new before so many others are told of it, drawn by lot: each that learns of it tells as many. Then all whom no
 * lot fell on: in a space of n all who tell all are n².
 */
const PASS_ON = { afterMs: 5_000, few: 3, allAfterMs: 60_000 } as const
/** As many offers as one answer holds (`network/protocols/welcome`), in bytes and in number. */
const ANSWER = { bytes: 256 * 1024, offers: 64 } as const
/** Larger spaces ask for some of their members' offers later. */
const HAVE = 1_000

interface Deps {
  groups: ReadonlyMap<GroupId, LiveGroup>
  network: Network
  clock: Clock
  random: Random
  logger: Logger
  /** Offers are here that were not. */
  learned: (space: LiveGroup) => void
}

/** Sees to it that the members of each space know each other's key packages. */
export class Offers {
  readonly #deps: Deps
  readonly #timers = new Map<string, () => void>()
  /** Who was told, or told this device, since something was new here. */
  readonly #told = new Map<GroupId, Set<PeerId>>()
  readonly #asking = new Set<string>()
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
      if (await replenish(space)) this.#passOn(groupId)
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
    this.#askBack(space, from, have)
    return { kind: 'offers', offers: fitting([...(ours !== null && isWanted(ours) ? [ours] : []), ...others]) }
  }

  /** Whoever asks says what it has, too, which this device may lack. */
  #askBack(space: LiveGroup, from: MemberId, have: readonly Pick<MemberOffer, 'memberId' | 'at'>[]): void {
    const peers = this.#proven(space.groupId).filter(({ memberId }) => memberId === from)
    const ours = new Map(offersKnown(space).map(({ memberId, at }) => [memberId, at]))
    const members = new Set(space.members().map(({ memberId }) => memberId))
    const isLacking = have.some(({ memberId, at }) => memberId !== space.self && members.has(memberId) && at > (ours.get(memberId) ?? -1))
    for (const { peerId } of peers.slice(0, 1))
      if (isLacking) this.#run(space.groupId, () => this.#ask(space, peerId))
      else this.#toldOf(space.groupId).add(peerId)
  }

  async #ask(space: LiveGroup, peerId: PeerId): Promise<void> {
    const name = `${space.groupId}/${peerId}`
    if (this.#asking.has(name)) return
    this.#asking.add(name)
    try {
      await this.#askAll(space, peerId)
      this.#toldOf(space.groupId).add(peerId)
    } finally {
      this.#asking.delete(name)
    }
  }

  async #askAll(space: LiveGroup, peerId: PeerId): Promise<void> {
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
    this.#passOn(space.groupId)
  }

  #passOn(groupId: GroupId): void {
    this.#told.delete(groupId)
    const untold = (): PeerId[] => {
      const told = this.#toldOf(groupId)
      return this.#proven(groupId).flatMap(({ peerId }) => (told.has(peerId) ? [] : peerId))
    }
    const tell = (peers: readonly PeerId[]): void => {
      for (const peerId of peers) this.#run(groupId, (space) => this.#ask(space, peerId))
    }
    this.#later(`few/${groupId}`, PASS_ON.afterMs, () => tell(drawLots(this.#deps.random, untold(), PASS_ON.few)))
    this.#later(`all/${groupId}`, PASS_ON.allAfterMs, () => tell(untold()))
  }

  #later(name: string, ms: number, work: () => void): void {
    if (this.#timers.has(name) || this.#abort.signal.aborted) return
    const cancel = this.#deps.clock.after(ms, () => {
      this.#timers.delete(name)
      work()
    })
    this.#timers.set(name, cancel)
  }

  #toldOf(groupId: GroupId): Set<PeerId> {
    const told = this.#told.get(groupId) ?? new Set<PeerId>()
    this.#told.set(groupId, told)
    return told
  }

  /** Members of that space who are connected. */
  #proven(groupId: GroupId): { peerId: PeerId; memberId: MemberId }[] {
    return this.#deps.network.sessions().flatMap(({ state, shared, peerId }) => {
      const member = state === 'ready' ? shared.find((s) => s.groupId === groupId && s.memberId !== UNPROVEN) : undefined
      return member === undefined ? [] : { peerId, memberId: member.memberId }
    })
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
