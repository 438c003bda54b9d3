import type { GroupId, PeerId } from '../../../shared/domain/ids.ts'
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
  /** Those who said whether it is. */
  readonly #sure = new WeakMap<LiveGroup, Set<PeerId>>()

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
    const sure = this.#sure.get(group) ?? new Set<PeerId>()
    this.#sure.set(group, sure)
    const members = new Set(group.members().map(({ memberId }) => memberId))
    let isUnanswered = false
    for (const peerId of this.#connected(groupId)) {
      const whom = this.#deps.identify(group, peerId)
      if (sure.has(peerId) || whom === by || whom === group.self || !members.has(whom)) continue
      const answer = await this.#asked(group, peerId)
      if (this.#attempts.isOver || this.#deps.listening.get(groupId) !== group) return null
      if (isJoining(group)) return RETRY.firstMs
      const isAnswered = answer !== null && answer.kind !== 'later' && answer.kind !== 'returning'
      isUnanswered ||= !isAnswered
      if (!isAnswered || answer.kind === 'here') continue
      // Of each once: who says so without an end would have it come back and be out again for ever.
      sure.add(peerId)
      if (answer.kind !== 'refused') return this.#back(group)
    }
    return isUnanswered ? this.#attempts.backoff(groupId, RETRY) : null
  }

  #connected(groupId: GroupId): PeerId[] {
    return this.#deps.network
      .sessions()
      .filter(({ state, shared }) => state === 'ready' && shared.some((s) => s.groupId === groupId))
      .map(({ peerId }) => peerId)
  }

  /** `here`: it is where this device was, or follows, and so it may be out itself. */
  async #asked(group: LiveGroup, peerId: PeerId): Promise<ReturnAnswer | { kind: 'here' } | null> {
    const { network, logger } = this.#deps
    try {
      // Nobody is to compare with it, or to take it for somebody who is elsewhere.
      const ours: Frontier = { ...bareGroupFrontier(group), inReturn: true }
      const theirs = await network.frontier(peerId, ours, this.#attempts.within(ASK_MS))
      if (this.#deps.listening.get(group.groupId) !== group) return null
      if (isSeenFrom(group, theirs)) return { kind: 'here' }
      const { request } = await offerHere(group, network.localPeer)
      const answer = await network.askReturn(peerId, request, this.#attempts.within(ASK_MS))
      logger.info('still-in-answered', { peer: shortId(peerId), answer: answer.kind })
      return answer
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

/** Whether it is where the choice among commits reaches from here. What hangs on an earlier leaf of this device alone is known here, and never chosen. */
const isSeenFrom = ({ groupId, tip, deps: { store } }: LiveGroup, theirs: Frontier): boolean =>
  store.mls.epoch(groupId, theirs.eid) !== null && !isBeside(store, groupId, tip.row.tip, theirs)
