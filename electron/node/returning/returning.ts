import type { GroupId, PeerId } from '../../../shared/domain/ids.ts'
import { equalBytes } from '../../kernel/bytes.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import { faultName, shortId } from '../../kernel/logger.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Random } from '../../kernel/random.ts'
import type { Network } from '../../ports/network.ts'
import type { JoinAnswer, JoinRequest, ReturnAnswer, ReturnRequest } from '../../ports/wire.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { UNPROVEN } from '../../sync/group/membership.ts'
import { comeBack, renewAlone } from '../../sync/returning/come-back.ts'
import type { Opener, Way, Welcome } from '../../sync/returning/come-back.ts'
import { end, removerElsewhere } from '../../sync/fork-resolution/reconsider.ts'
import { noteOwnArrival } from '../../sync/history/arrivals.ts'
import { isAstray } from '../../sync/returning/astray.ts'
import { claimAgain, joinAgain, joinBesides } from '../../sync/returning/join-again.ts'
import { stayHere } from '../../sync/returning/stay.ts'
import { makeOffer, offerHere } from '../../sync/returning/offer.ts'
import type { ReturnOffer } from '../../sync/returning/offer.ts'
import type { AstrayWatch } from './astray-watch.ts'
import { onlyOwner } from './apart.ts'
import type { Identify } from './apart.ts'
import { noteReturned } from '../views/before.ts'
import { Attempts } from '../attempts.ts'
import type { Pauses } from '../attempts.ts'
import { OftenBack } from './often-back.ts'
import { PlaceTaken } from './place-taken.ts'
import { Refusals } from './refusals.ts'
import { ROUND_MS, Standstill } from './standstill.ts'
import { Uninvited } from './uninvited.ts'

const RETRY: Pauses = { firstMs: 1_000, lastMs: 60_000 }
/** Longer than an answer may take (`network/protocols/return`), so that silence means that there will be none. */
const ASK_MS = 65_000
/** How often to ask for a Welcome that somebody has and nobody gives, before asking for another fresh leaf. */
const PATIENCE = 6
/** How often, and how many times, to ask those who know us as a member for the Welcome that one of them made, before asking for a fresh leaf. */
const CLAIM_MS = 5_000
const CLAIMS = 8

interface Deps {
  groups: ReadonlyMap<GroupId, LiveGroup>
  network: Network
  clock: Clock
  random: Random
  logger: Logger
  /** A group has a fresh leaf: whoever took us for unproven with the old one should be shown it. */
  back: (groupId: GroupId) => void
  places: Pick<AstrayWatch, 'elsewhere' | 'behind' | 'stays' | 'letIn'>
  identify: Identify
  /** Somebody else seems to return in this device's place. */
  tooOften: () => void
  /** Another computer with this profile has this device's place in a group. */
  takenOver: (groupId: GroupId) => void
  /** Everybody who is met waits like this device, and nobody is left to let anybody in. */
  nobodyLeft: () => void
  /** A group is found to take another invitation. */
  uninvited: (groupId: GroupId) => void
}

/**
 * What asking one member came to. `silent`: it may have let us in all the same. `stranger`: where it is we are no member, and no link leads
 * there: into no group under a space, and into no space for who was removed. `mute`: it does not say whether we are one, being none itself perhaps (SPEC.md T8).
 * `returning`: it asks to be let in itself (R5).
 */
type Outcome = 'back' | 'returning' | 'silent' | { kind: 'wait'; afterMs: number } | 'elsewhere' | 'stranger' | 'mute'

/** Brings every group that was put back from an older copy to a fresh leaf: asks members who are connected, one at a time. */
export class Returning {
  readonly #deps: Deps
  readonly #attempts: Attempts<LiveGroup>
  readonly #uninvited: Uninvited
  readonly #often: OftenBack
  readonly #place: PlaceTaken
  readonly #standstill: Standstill
  /** How often somebody said that the leaf we offer is ours already. */
  readonly #taken = new Map<GroupId, number>()
  /** How often a newcomer asked for the Welcome it was given again. */
  readonly #claims = new Map<GroupId, number>()
  readonly #refusals: Refusals
  /** How often in a row a member put us off or did not answer: it may be returning itself, and two who do would wait for each other for ever. */
  readonly #putOff = new Map<GroupId, Map<PeerId, number>>()

  constructor(deps: Deps) {
    this.#deps = deps
    this.#uninvited = new Uninvited(deps.uninvited)
    this.#often = new OftenBack(deps.clock)
    this.#place = new PlaceTaken({ clock: deps.clock, found: deps.takenOver })
    this.#standstill = new Standstill(deps.clock)
    this.#refusals = new Refusals(deps.identify)
    this.#attempts = new Attempts({
      clock: deps.clock,
      attempt: (group) => this.#attempt(group),
      failed: (groupId, thrown) => {
        // It was left, and deleted, while somebody was asked.
        if (!deps.groups.has(groupId)) return null
        deps.logger.error('return-failed', { group: shortId(groupId), fault: faultName(thrown) })
        return RETRY.lastMs
      },
      retry: (groupId) => this.kick(groupId),
    })
  }

  start(): void {
    for (const group of this.#deps.groups.values()) this.kick(group.groupId)
  }

  stop(): Promise<void> {
    return this.#attempts.stop()
  }

  /** There is another invitation to be let in by. */
  invited(groupId: GroupId): void {
    this.#uninvited.forget(groupId)
    this.#attempts.succeeded(groupId)
    this.kick(groupId)
  }

  /** A person wants this device to be in, whatever it believes itself; where another computer has its place, wherever that has it. */
  async letIn(group: LiveGroup): Promise<void> {
    for (const one of this.#place.insists(group, this.#deps.groups)) {
      this.#attempts.succeeded(one.groupId)
      await this.#deps.places.letIn(one)
    }
  }

  /** Tries now, unless it is trying already or there is nothing to do. */
  kick(groupId: GroupId): void {
    const group = this.#deps.groups.get(groupId)
    if (group?.tip.row.returning === true) this.#attempts.now(group)
  }

  /** Also where this device is out of the group meanwhile: what is answered now would bring part of it back. */
  #isOver(group: LiveGroup): boolean {
    return this.#attempts.isOver || this.#deps.groups.get(group.groupId) !== group
  }

  /** Answers when to try again; null when there is no need, or a session that opens will say so. */
  async #attempt(group: LiveGroup): Promise<number | null> {
    const { groupId } = group
    const begunAt = this.#deps.clock.now()
    if (await renewAlone(group)) return null
    const peers = this.#asked(groupId)
    if (peers.length === 0) return null
    const claimed = await this.#claimAgain(group, peers)
    if (claimed === 'back' || this.#isOver(group)) return null
    if (claimed === 'wait') return CLAIM_MS
    const refusing: PeerId[] = []
    const returning: PeerId[] = []
    let unsure = 0
    // Whoever is let in by others all the same would never be told.
    let isOwnersWord = false
    const owner = this.#ownerElsewhere(group, peers)
    for (const peerId of peers.toSorted((a, b) => Number(b === owner) - Number(a === owner))) {
      const outcome = await this.#ask(group, peerId)
      if (this.#isOver(group) || outcome === 'back') return null
      const isBehind = this.#deps.places.behind(groupId).has(peerId)
      if (outcome === 'stranger' && !isBehind) refusing.push(peerId)
      if (outcome === 'returning') returning.push(peerId)
      if (this.#isUnsure(group, peerId, outcome) || isBehind) {
        unsure += 1
        continue
      }
      this.#standstill.over(groupId)
      // A second member who does not know yet that the first let us in would do so once more, from the same epoch, and
      // split the group: so the next one is asked only after a pause.
      if (outcome === 'silent') break
      if (peerId === owner && (outcome === 'elsewhere' || outcome === 'stranger')) {
        isOwnersWord = outcome === 'stranger'
        break
      }
      if (typeof outcome === 'object') return outcome.afterMs
    }
    if (this.#refusals.note(group, refusing, isOwnersWord ? refusing.length : peers.length - unsure)) return this.#end(group)
    if (returning.length > 0 && unsure === peers.length) return this.#atStandstill(group, returning, begunAt)
    return this.#backoff(groupId)
  }

  /**
   * Who is where this device is and asks to be elsewhere is of no help: two of them would let each other in there again for ever. They are
   * asked only where nobody who is elsewhere answers, or fewer members prove to be there: anybody may say so who was one once. Last come
   * those who say nothing anyway.
   */
  #asked(groupId: GroupId): PeerId[] {
    const peers = this.#proven(groupId)
    const patient = peers.filter((peerId) => this.#timesPutOff(groupId, peerId) <= PATIENCE)
    const others = peers.filter((peerId) => !patient.includes(peerId))
    const group = this.#deps.groups.get(groupId)
    if (group === undefined || !isAstray(group.deps.store, groupId)) return [...patient, ...others]
    const elsewhere = this.#deps.places.elsewhere(groupId)
    const apart = patient.filter((peerId) => elsewhere.has(peerId))
    const here = patient.filter((peerId) => !elsewhere.has(peerId))
    const isOutnumbered = this.#members(groupId, apart) < this.#members(groupId, here)
    return apart.length > 0 && !isOutnumbered ? apart : [...apart, ...here, ...others]
  }

  /**
   * The only owner, where this device went astray: it decides who is in there. Whoever is where this device was, and was removed where the owner
   * is, could let it in with themselves again and again; it would never be told that it is out.
   */
  #ownerElsewhere(group: LiveGroup, peers: readonly PeerId[]): PeerId | undefined {
    const owner = isAstray(group.deps.store, group.groupId) ? onlyOwner(group) : null
    const elsewhere = this.#deps.places.elsewhere(group.groupId)
    return peers.find((peerId) => elsewhere.has(peerId) && this.#deps.identify(group, peerId) === owner)
  }

  /** How many members prove to be at the other ends. */
  #members(groupId: GroupId, peers: readonly PeerId[]): number {
    const sessions = this.#deps.network.sessions().filter(({ peerId }) => peers.includes(peerId))
    const proven = sessions.flatMap(({ shared }) => shared.filter((s) => s.groupId === groupId && s.memberId !== UNPROVEN))
    return new Set(proven.map(({ memberId }) => memberId)).size
  }

  #proven(groupId: GroupId): PeerId[] {
    const group = this.#deps.groups.get(groupId)
    const self = group?.self
    // Who went astray knows none of them any more, nor they it.
    const astray = group !== undefined && isAstray(group.deps.store, groupId)
    return this.#deps.network
      .sessions()
      .filter(({ state }) => state === 'ready')
      .filter(({ shared }) => shared.some((s) => s.groupId === groupId && s.memberId !== self && (astray || s.memberId !== UNPROVEN)))
      .map(({ peerId }) => peerId)
  }

  async #ask(group: LiveGroup, peerId: PeerId): Promise<Outcome> {
    const outcome = await this.#askWith(group, peerId, await offerHere(group, this.#deps.network.localPeer))
    // Once more with an offer for the leaf it told of; not for ever, whatever it says.
    if (outcome !== 'renewed') return outcome
    const again = await this.#askWith(group, peerId, await offerHere(group, this.#deps.network.localPeer))
    return again === 'renewed' ? 'elsewhere' : again
  }

  async #askWith(group: LiveGroup, peerId: PeerId, offer: ReturnOffer): Promise<Outcome | 'renewed'> {
    this.#place.offers(group.groupId, offer.freshKey)
    const answer = await this.#answer(peerId, offer.request)
    this.#deps.logger.info('return-answered', { peer: shortId(peerId), answer: answer?.kind ?? 'none' })
    if (this.#isOver(group)) return 'silent'
    switch (answer?.kind) {
      case undefined:
        return 'silent'
      case 'welcome':
        return (await this.#comeBack(group, offer, answer)) ? 'back' : 'elsewhere'
      case 'later':
        return { kind: 'wait', afterMs: answer.afterMs }
      case 'leaf':
        return this.#otherLeaf(group, offer, answer.leafKey)
      case 'returning':
        return 'returning'
      case 'refused':
        if (answer.code !== 'not-member') return 'mute'
        return group.parent === null && (await removerElsewhere(group)) === null ? this.#joinAgain(group, peerId, offer) : 'stranger'
    }
  }

  /**
   * A newcomer whose commit lost is let in again by whoever let it in, and reads all that was written since by that Welcome: it is
   * worth some patience.
   */
  async #claimAgain(group: LiveGroup, peers: readonly PeerId[]): Promise<'back' | 'wait' | 'elsewhere'> {
    const { groupId } = group
    const claim = isAstray(group.deps.store, groupId) ? claimAgain(group) : null
    const claims = this.#claims.get(groupId) ?? 0
    if (claim === null || claims >= CLAIMS) return 'elsewhere'
    this.#claims.set(groupId, claims + 1)
    let isMember = false
    for (const peerId of peers) {
      const answer = await this.#askToJoin(group, peerId, claim.request)
      if (answer?.kind === 'welcome' && (await this.#comeBack(group, claim.opener, answer, 'member'))) {
        this.#claims.delete(groupId)
        return 'back'
      }
      isMember ||= answer?.kind === 'later' || answer?.kind === 'leaf'
    }
    return isMember ? 'wait' : 'elsewhere'
  }

  async #askToJoin(group: LiveGroup, peerId: PeerId, request: JoinRequest): Promise<JoinAnswer | null> {
    const { network, logger } = this.#deps
    const addresses = group.deps.store.peers.ofGroup(group.groupId).find((row) => row.peerId === peerId)?.addresses ?? []
    const signal = this.#attempts.within(ASK_MS)
    try {
      const answer = await network.join({ peerId, addresses }, request, { signal, onStep: () => undefined })
      logger.info('join-again-answered', { peer: shortId(peerId), answer: answer.kind })
      return this.#isOver(group) ? null : answer
    } catch (thrown) {
      if (thrown instanceof AppError) return null
      throw thrown
    }
  }

  /** Where all others are this device is no member: it was let in by a commit that lost, or removed. */
  async #joinAgain(group: LiveGroup, peerId: PeerId, offer: ReturnOffer): Promise<Outcome> {
    const request = joinAgain(group, offer)
    const answer = request && (await this.#askToJoin(group, peerId, request))
    if (request !== null && answer === null) return 'silent'
    if (answer?.kind === 'welcome' && (await this.#comeBack(group, offer, answer, 'member'))) return 'back'
    this.#uninvited.note(group, answer)
    const afterMs = answer?.kind === 'later' ? answer.afterMs : 0
    if (answer?.kind === 'later' || answer?.kind === 'leaf')
      return { kind: 'wait', afterMs: Math.max(afterMs, this.#backoff(group.groupId)) }
    return 'elsewhere'
  }

  /**
   * Who went astray takes no Welcome of somebody it knows nothing of: whoever was removed still knows the group of before, and could have it
   * go on in a branch of its own, with whom it likes. An older copy knows less, and has to take what it is given; so has who used another
   * invitation, which a person decided.
   */
  async #comeBack(group: LiveGroup, opener: Opener, answer: Welcome, as: Way['as'] = 'leaf'): Promise<boolean> {
    const { groupId, deps } = group
    const members = new Set(group.members().map(({ memberId }) => memberId))
    const channels = new Set(deps.store.directory.channels(groupId).map(({ channelId }) => channelId))
    const isInvited = joinBesides(group) !== null
    const isChecked = isAstray(deps.store, groupId) && !isInvited
    const came = await comeBack(group, opener, answer, {
      as,
      accepts: (welcomer) => !isChecked || members.has(welcomer),
      also: (tx) => {
        noteReturned(tx, groupId, channels)
        if (isInvited) noteOwnArrival(tx, groupId, group.self)
      },
    })
    if (came === 'stranger') this.#uninvited.welcomedByStranger(group)
    if (came !== 'back') return false
    this.#uninvited.forget(groupId)
    // Should it go astray once more, all that was said this time says nothing of that: whoever was returning itself may answer by then.
    this.#putOff.delete(groupId)
    this.#refusals.forget(groupId)
    this.#claims.delete(groupId)
    this.#place.isBack(groupId)
    this.#standstill.over(groupId)
    this.#deps.back(groupId)
    if (this.#often.note(groupId)) this.#deps.tooOften()
    return true
  }

  async #answer(peerId: PeerId, request: ReturnRequest): Promise<ReturnAnswer | null> {
    const signal = this.#attempts.within(ASK_MS)
    try {
      return await this.#deps.network.askReturn(peerId, request, signal)
    } catch (thrown) {
      if (thrown instanceof AppError) return null
      throw thrown
    }
  }

  /** Whether to go on to the next one: it says nothing, or has put this device off or fallen silent so often that no Welcome can be meant. */
  #isUnsure({ groupId }: LiveGroup, peerId: PeerId, outcome: Outcome): boolean {
    const isOff = typeof outcome === 'object' || outcome === 'silent' || outcome === 'mute'
    const times = isOff ? this.#timesPutOff(groupId, peerId) + 1 : 0
    this.#putOff.set(groupId, new Map(this.#putOff.get(groupId)).set(peerId, times))
    return outcome === 'mute' || outcome === 'returning' || times > PATIENCE
  }

  #timesPutOff(groupId: GroupId, peerId: PeerId): number {
    return this.#putOff.get(groupId)?.get(peerId) ?? 0
  }

  /** Nobody is left who could let anybody in. Where this device is the one to stay as it is, the others come to it. */
  async #atStandstill(group: LiveGroup, returning: readonly PeerId[], begunAt: number): Promise<number | null> {
    const { groupId } = group
    const others = returning.map((peerId) => this.#deps.identify(group, peerId))
    const isOurs = this.#standstill.goesOn(group, others, begunAt)
    if (!isOurs || !(await stayHere(group))) {
      if (this.#standstill.isToBeTold(groupId)) this.#deps.nobodyLeft()
      return ROUND_MS
    }
    this.#deps.logger.info('group-stays', { group: shortId(groupId) })
    this.#standstill.over(groupId)
    this.#putOff.delete(groupId)
    this.#attempts.succeeded(groupId)
    this.#deps.places.stays(groupId)
    return null
  }

  async #end(group: LiveGroup): Promise<number | null> {
    this.#refusals.forget(group.groupId)
    const by = group.parent === null ? await removerElsewhere(group) : null
    // It fell while the others were asked: who is out by nobody would hear nothing any more (SPEC.md T8).
    if (group.parent === null && by === null) return RETRY.firstMs
    end(group, by)
    return null
  }

  /**
   * The group has another leaf of ours than the one we claimed. If it is the one we offer, somebody let us in and still
   * has to give us the Welcome; only if nobody does for long that leaf has to go, too.
   */
  async #otherLeaf(group: LiveGroup, offer: ReturnOffer, leafKey: Uint8Array): Promise<Outcome | 'renewed'> {
    const { groupId } = group
    if (this.#place.yields(group, leafKey)) return 'elsewhere'
    const taken = equalBytes(leafKey, offer.freshKey) ? (this.#taken.get(groupId) ?? 0) + 1 : PATIENCE
    this.#taken.set(groupId, taken)
    if (taken < PATIENCE) return 'elsewhere'
    this.#taken.delete(groupId)
    await makeOffer(group, leafKey, this.#deps.network.localPeer)
    return 'renewed'
  }

  /** Half of it at least. */
  #backoff(groupId: GroupId): number {
    const longest = this.#attempts.backoff(groupId, RETRY)
    return Math.round(longest / 2 + this.#deps.random.fraction() * (longest / 2))
  }
}
