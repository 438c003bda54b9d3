import type { GroupId, PeerId, UnmetId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import { faultName, shortId } from '../../kernel/logger.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Network } from '../../ports/network.ts'
import type { LeaveAnswer, LeaveRequest } from '../../ports/wire.ts'
import { isWithoutUs } from '../../sync/group/edge.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { UNPROVEN } from '../../sync/group/membership.ts'
import { putUnmet } from '../../sync/intents/unmet.ts'
import { putEnded, readEnded } from '../../sync/members/ended.ts'
import { dropLeaveOffer, hasLeaveOffer, readLeaveOffer } from '../../sync/members/leave-offer.ts'
import { markAstray } from '../../sync/returning/astray.ts'
import type { Identify } from '../returning/apart.ts'
import { Attempts } from '../attempts.ts'
import type { Pauses } from '../attempts.ts'
import { LastToGo } from './last-to-go.ts'
import { Silences } from '../silences.ts'

const RETRY: Pauses = { firstMs: 2_000, lastMs: 60_000 }
/** Longer than an answer may take (`network/protocols/leave`). */
const ASK_MS = 65_000
/** What is here of a space that was left goes after this, whether or not anybody could be told. */
const PATIENCE_MS = 30 * 24 * 3_600_000
/** The commit by which it is done comes with the answer, or within this. */
const COMMIT_MS = 2_000
/** So long members are waited for who may not follow the branch on which it was done. */
const OTHERS_MS = 5 * 60_000
/** Timers reach no further than 2³¹ − 1 ms, and a computer that sleeps must not miss the day. */
const LOOK_AT_LEAST_MS = 24 * 3_600_000

interface Deps {
  groups: ReadonlyMap<GroupId, LiveGroup>
  network: Network
  clock: Clock
  logger: Logger
  identify: Identify
  /** This device is out: durably. */
  ended: (groupId: GroupId) => void
  /** It has to stay after all: it has become the last owner, and asks to be let in again. */
  stays: (groupId: GroupId) => void
}

/** `isMember`: of this device's own part of the group, or known as one. */
interface Asked {
  peerId: PeerId
  isMember: boolean
}

/** What was said of one wish to leave: whoever comes back and leaves again is to be heard of once more. */
interface Done {
  /** `since` of the offer. */
  wish: number
  said: Map<PeerId, number>
}

/** Sees every group that this device wants to leave to its end: asks members who are connected, one at a time, until one has committed it. */
export class Leaving {
  readonly #deps: Deps
  readonly #attempts: Attempts<LiveGroup>
  readonly #silences = new Silences()
  readonly #lastToGo: LastToGo
  /** Who said that it is done, and since when, while it is not by what is known here. */
  readonly #done = new Map<GroupId, Done>()

  constructor(deps: Deps) {
    this.#deps = deps
    this.#lastToGo = new LastToGo(deps)
    this.#attempts = new Attempts({
      clock: deps.clock,
      attempt: (group) => this.#attempt(group),
      failed: (groupId, thrown) => {
        deps.logger.error('leave-failed', { group: shortId(groupId), fault: faultName(thrown) })
        return RETRY.lastMs
      },
      retry: (groupId) => this.kick(groupId),
    })
  }

  start(): void {
    for (const groupId of this.#deps.groups.keys()) this.kick(groupId)
  }

  stop(): Promise<void> {
    return this.#attempts.stop()
  }

  /** Tries now, unless it is trying already or there is nothing to do. */
  kick(groupId: GroupId): void {
    const group = this.#deps.groups.get(groupId)
    if (group !== undefined && hasLeaveOffer(group.deps.store, groupId)) this.#attempts.now(group)
  }

  /** Answers when to try again; null when it is over. */
  async #attempt(group: LiveGroup): Promise<number | null> {
    const offer = readLeaveOffer(group.deps.store, group)
    if (offer === null) return null
    if (this.#done.get(group.groupId)?.wish !== offer.since) this.#done.delete(group.groupId)
    const alone = group.members().every((m) => m.memberId === group.self)
    const left = offer.since + PATIENCE_MS - this.#deps.clock.now()
    // Its members see in the space that we are out of it, and let us go.
    const isOut = group.parent !== null && !this.#deps.groups.has(group.parent)
    if (isOut || left <= 0) return this.#end(group)
    if (alone) return this.#endAlone(group, left)
    const peers = this.#connected(group)
    if (this.#isDone(group, peers)) return this.#end(group)
    if (this.#done.has(group.groupId) && !hasLost(group)) return COMMIT_MS
    for (const { peerId, isMember } of peers) {
      const answer = await this.#ask(peerId, offer.request)
      if (this.#attempts.isOver || !this.#isOpen(group)) return null
      this.#deps.logger.info('leave-answered', { peer: shortId(peerId), answer: answer?.kind ?? 'none' })
      // Whoever was removed could say that it is done, and all is deleted by that.
      if (answer?.kind === 'done' && isMember) return this.#noteDone(group, peerId, offer.since)
      if (answer?.kind === 'refused' && answer.code === 'last-owner' && isLastOwner(group)) return this.#stay(group)
      // It may have committed it all the same: a second member, asked at once, would do so once more and split the group.
      if (answer === null && this.#silences.note(`${group.groupId}/${peerId}`)) break
    }
    // A session that opens tries at once; so where nobody is there it is only for the last day.
    return Math.min(left, peers.length === 0 ? LOOK_AT_LEAST_MS : this.#attempts.backoff(group.groupId, RETRY))
  }

  /**
   * Whether to believe members who said that it is done. By the commit that did it this device is out, unless whoever made it is on a branch that
   * lost: then all who are connected are to say so, for they may never hear of that, nor of what only this device has to bring.
   */
  #isDone(group: LiveGroup, peers: readonly Asked[]): boolean {
    const said = this.#done.get(group.groupId)?.said
    if (said === undefined) return false
    const waited = this.#deps.clock.now() - Math.min(...said.values())
    if (!hasLost(group)) return waited >= COMMIT_MS
    return waited >= OTHERS_MS && peers.every(({ peerId, isMember }) => !isMember || said.has(peerId))
  }

  /** Answers when to look again. */
  #noteDone(group: LiveGroup, by: PeerId, wish: number): number {
    const { groupId } = group
    const said = this.#done.get(groupId)?.said ?? new Map<PeerId, number>()
    this.#done.set(groupId, { wish, said })
    if (!said.has(by)) said.set(by, this.#deps.clock.now())
    return hasLost(group) ? this.#attempts.backoff(groupId, RETRY) : COMMIT_MS
  }

  async #endAlone(group: LiveGroup, left: number): Promise<number | null> {
    const told = await this.#lastToGo.tell(group, () => this.#attempts.within(ASK_MS))
    if (this.#attempts.isOver || !this.#isOpen(group)) return null
    if (told === 'all') return this.#end(group)
    return Math.min(left, told === 'away' ? LOOK_AT_LEAST_MS : this.#attempts.backoff(group.groupId, RETRY))
  }

  /** Once it was removed, it is among what this device has still to say there (`last-words.ts`). */
  #isOpen({ groupId, deps: { store } }: LiveGroup): boolean {
    return hasLeaveOffer(store, groupId) && readEnded(store, groupId) === null
  }

  async #ask(peerId: PeerId, request: LeaveRequest): Promise<LeaveAnswer | null> {
    try {
      return await this.#deps.network.askLeave(peerId, request, this.#attempts.within(ASK_MS))
    } catch (thrown) {
      if (thrown instanceof AppError) return null
      throw thrown
    }
  }

  /**
   * Members, or where there are none whoever is in a part of the group that is not known here: this device may be out there already.
   * The claim is signed and says nothing else, so it can be shown to anybody; who is known to be a member is believed.
   */
  #connected(group: LiveGroup): Asked[] {
    const { groupId, self } = group
    const members = new Set(group.members().map(({ memberId }) => memberId))
    const others = this.#deps.network.sessions().flatMap(({ peerId, state, shared }) => {
      const memberId = state === 'ready' ? shared.find((s) => s.groupId === groupId)?.memberId : undefined
      if (memberId === undefined || memberId === self) return []
      const isProven = memberId !== UNPROVEN
      return [{ peerId, isProven, isMember: isProven || members.has(this.#deps.identify(group, peerId)) }]
    })
    const proven = others.filter(({ isProven }) => isProven)
    const said = this.#done.get(groupId)?.said
    // Who said so last: the others may be elsewhere, and have not heard of it.
    return (proven.length > 0 ? proven : others).toSorted(
      (a, b) => Number(said?.has(a.peerId) ?? false) - Number(said?.has(b.peerId) ?? false),
    )
  }

  #end(group: LiveGroup): null {
    const { groupId } = group
    this.#done.delete(groupId)
    group.deps.store.transaction((tx) => {
      putEnded(tx, groupId, { kind: 'left', at: this.#deps.clock.now(), by: null })
      dropLeaveOffer(tx, groupId)
    })
    this.#deps.ended(groupId)
    return null
  }

  /**
   * With a fresh leaf: everybody who was asked holds a claim of the old one, by which any of them could see this device off as soon as there is
   * another owner.
   */
  async #stay(group: LiveGroup): Promise<null> {
    const { groupId } = group
    const { random } = group.deps
    const why = 'By now you are its last owner. Make somebody else owner first.'
    const unmet = { unmetId: random.id<UnmetId>(), groupId, at: this.#deps.clock.now(), kind: 'leave', name: '', why } as const
    await markAstray(group, (tx) => {
      dropLeaveOffer(tx, groupId)
      putUnmet(tx, unmet)
    })
    this.#deps.stays(groupId)
    return null
  }
}

/** Somebody removed this device by a commit that is not followed. */
const hasLost = ({ groupId, deps: { store } }: LiveGroup): boolean => store.commits.of(groupId).some(isWithoutUs)

/** Whether it may be: who is told so and is none, or sees another, is told by somebody who means no good, or is behind. */
const isLastOwner = ({ tip, self }: LiveGroup): boolean =>
  [...tip.settings.roles].every(([memberId, role]) => (role === 'owner') === (memberId === self))
