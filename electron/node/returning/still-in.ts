import type { Eid, GroupId, MemberId, PeerId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import { faultName, shortId } from '../../kernel/logger.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Network } from '../../ports/network.ts'
import type { Frontier, ReturnAnswer } from '../../ports/wire.ts'
import { bareGroupFrontier } from '../../sync/anti-entropy/group-frontier.ts'
import { isBeside } from '../../sync/fork-resolution/read-tree.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { readEnded } from '../../sync/members/ended.ts'
import type { Listening } from '../../sync/members/listening.ts'
import { takeBackAstray } from '../../sync/returning/astray.ts'
import { isJoining } from '../../sync/returning/join-again.ts'
import { offerHere } from '../../sync/returning/offer.ts'
import type { Identify } from './apart.ts'
import { Attempts } from '../attempts.ts'
import type { Pauses } from '../attempts.ts'

/** As long as others are not known to be elsewhere (SPEC.md R2): until then most have heard of the removal. */
const SETTLED_MS = 20_000
const RETRY: Pauses = { firstMs: 10_000, lastMs: 10 * 60_000 }
/** Longer than an answer may take (`network/protocols/return`). */
const ASK_MS = 65_000
/** Who said that it is not in may follow others later. */
const AGAIN_MS = 10 * 60_000

/** What a member said. That this device is in counts once; that it is not counts where that member was then (`at`). */
type Said = 'in' | { at: Eid; since: number }

/** `here`: it is where this device was, or follows, and so it may be out itself. `at`: where it is. */
type Answer = (ReturnAnswer | { kind: 'here' }) & { at: Eid }

interface Deps {
  listening: Listening
  network: Pick<Network, 'sessions' | 'askReturn' | 'frontier' | 'localPeer'>
  clock: Clock
  logger: Logger
  identify: Identify
  /** This device is in there after all, and waits to be let in where the others are: that is stored. */
  back: (groupId: GroupId) => void
}

/**
 * SPEC.md T8: a removal may have fallen by commits that lead out of a time this device knows nothing of, so that it would never hear of it. Each
 * member it meets who is in such a time is asked once, as one asks who went astray, whether this device is in there.
 */
export class StillIn {
  readonly #deps: Deps
  readonly #attempts: Attempts<LiveGroup>
  readonly #said = new WeakMap<LiveGroup, Map<MemberId, Said>>()

  constructor(deps: Deps) {
    this.#deps = deps
    this.#attempts = new Attempts({
      clock: deps.clock,
      attempt: (group) => this.#attempt(group),
      failed: (groupId, thrown) => {
        deps.logger.error('still-in-failed', { group: shortId(groupId), fault: faultName(thrown) })
        return RETRY.lastMs
      },
      retry: (groupId) => this.kick(groupId),
    })
  }

  stop(): Promise<void> {
    return this.#attempts.stop()
  }

  /** Asks now whoever is connected, unless that is being done or nobody is left to ask. */
  kick(groupId: GroupId): void {
    const group = this.#deps.listening.get(groupId)
    // What is under a space calls its members back by itself (P6).
    if (group !== undefined && group.parent === null) this.#attempts.now(group)
  }

  /** Answers when to try again; null when a session that opens will say so. */
  async #attempt(group: LiveGroup): Promise<number | null> {
    const { groupId, deps } = group
    const { at, by } = readEnded(deps.store, groupId) ?? { at: 0, by: null }
    const left = at + SETTLED_MS - this.#deps.clock.now()
    if (left > 0) return Math.min(left, SETTLED_MS)
    // Who let it in by an invitation says that it is in, and that it is not yet: the join sees to that, and all that belongs to it (R8).
    if (isJoining(group)) return RETRY.firstMs
    const all = this.#said.get(group) ?? new Map<MemberId, Said>()
    this.#said.set(group, all)
    const members = new Set(group.members().map(({ memberId }) => memberId))
    const waits: number[] = []
    let isUnanswered = false
    for (const peerId of this.#connected(groupId)) {
      const whom = this.#deps.identify(group, peerId)
      const said = all.get(whom)
      // Of each once: who says so without an end would have it come back and be out again for ever.
      if (said === 'in' || whom === by || whom === group.self || !members.has(whom)) continue
      const wait = said === undefined ? 0 : said.since + AGAIN_MS - this.#deps.clock.now()
      if (wait > 0) {
        waits.push(wait)
        continue
      }
      const answer = await this.#asked(group, peerId, said?.at)
      if (this.#attempts.isOver || this.#deps.listening.get(groupId) !== group) return null
      if (isJoining(group)) return RETRY.firstMs
      isUnanswered ||= !isAnswered(answer)
      if (!isAnswered(answer) || answer.kind === 'here') continue
      const isIn = answer.kind !== 'refused'
      all.set(whom, isIn ? 'in' : { at: answer.at, since: this.#deps.clock.now() })
      if (isIn) return this.#back(group)
    }
    if (isUnanswered) waits.push(this.#attempts.backoff(groupId, RETRY))
    return waits.length === 0 ? null : Math.min(...waits)
  }

  #connected(groupId: GroupId): PeerId[] {
    return this.#deps.network
      .sessions()
      .filter(({ state, shared }) => state === 'ready' && shared.some((s) => s.groupId === groupId))
      .map(({ peerId }) => peerId)
  }

  /** `told`: where it was when it said that this device is none, and would say so again. */
  async #asked(group: LiveGroup, peerId: PeerId, told: Eid | undefined): Promise<Answer | null> {
    const { network, logger } = this.#deps
    try {
      // Nobody is to compare with it, or to take it for somebody who is elsewhere.
      const ours: Frontier = { ...bareGroupFrontier(group), inReturn: true }
      const theirs = await network.frontier(peerId, ours, this.#attempts.within(ASK_MS))
      if (this.#deps.listening.get(group.groupId) !== group) return null
      if (theirs.eid === told || isSeenFrom(group, theirs)) return { kind: 'here', at: theirs.eid }
      const { request } = await offerHere(group, network.localPeer)
      const answer = await network.askReturn(peerId, request, this.#attempts.within(ASK_MS))
      logger.info('still-in-answered', { peer: shortId(peerId), answer: answer.kind })
      return { ...answer, at: theirs.eid }
    } catch (thrown) {
      if (thrown instanceof AppError) return null
      throw thrown
    }
  }

  async #back(group: LiveGroup): Promise<null> {
    if (await takeBackAstray(group)) this.#deps.back(group.groupId)
    return null
  }
}

/** Who was removed itself has no say in that, and says that the question makes no sense. */
const isAnswered = (answer: Answer | null): answer is Answer =>
  answer !== null && answer.kind !== 'later' && answer.kind !== 'returning' && (answer.kind !== 'refused' || answer.code === 'not-member')

/** Whether it is where the choice among commits reaches from here. What hangs on an earlier leaf of this device alone is known here, and never chosen. */
const isSeenFrom = ({ groupId, tip, deps: { store } }: LiveGroup, theirs: Frontier): boolean =>
  store.mls.epoch(groupId, theirs.eid) !== null && !isBeside(store, groupId, tip.row.tip, theirs)
