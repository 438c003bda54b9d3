import { equalBytes } from '../../kernel/bytes.ts'
import { AppError, toCodedError } from '../../kernel/errors.ts'
import type { GroupId, JoinId } from '../../../shared/domain/ids.ts'
import { spaceOfGroup } from '../../../shared/domain/ids.ts'
import type { JoinState, JoinStep } from '../../../shared/domain/models.ts'
import type { ErrorCode } from '../../../shared/ipc/error-codes.ts'
import type { GroupEngine, GroupState } from '../../crypto/mls/group-engine.ts'
import type { Clock } from '../../kernel/clock.ts'
import { faultName } from '../../kernel/logger.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Random } from '../../kernel/random.ts'
import type { Network } from '../../ports/network.ts'
import type { GroupRow, JoinRow, Repositories, Store } from '../../ports/store.ts'
import type { JoinAnswer, JoinRequest, PeerAddress } from '../../ports/wire.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { signClaim } from '../../sync/invitations/keys.ts'
import { isBesides, keepJoin } from '../../sync/returning/join-again.ts'
import { parseLink } from '../../sync/invitations/link.ts'
import type { InvitationLink } from '../../sync/invitations/link.ts'
import { freshLeafOf } from '../../sync/returning/offer.ts'
import type { ReturnOffer } from '../../sync/returning/offer.ts'
import { Silences } from '../silences.ts'
import { refusalText } from './refusals.ts'
import { FreshLeaf } from './fresh-leaf.ts'
import { endOffer, readOffer } from './offer.ts'
import type { Offer } from './offer.ts'

const RETRY_FIRST_MS = 2_000
const RETRY_LAST_MS = 60_000
const ATTEMPT_MS = 30_000
/** When to ask again whoever knows that this device is in and cannot let it in. */
const SOON_MS = 5_000

export type WelcomeAnswer = Extract<JoinAnswer, { kind: 'welcome' }>

/** What a Welcome came to. */
export interface Opened {
  state: GroupState
  offer: Offer
  answer: WelcomeAnswer
}

export interface JoinDeps {
  store: Store
  engine: GroupEngine
  network: Network
  clock: Clock
  random: Random
  logger: Logger
  /** Stores the group a Welcome opened together with the end of the join (`endOffer`), and starts it. */
  enter(row: JoinRow, opened: Opened): Promise<LiveGroup>
  changed(row: JoinRow): void
  /** There is another invitation to a space in which this device waits to be let in again. */
  letIn(groupId: GroupId): void
}

type Outcome =
  | { kind: 'welcome'; answer: WelcomeAnswer }
  | { kind: 'refused'; code: ErrorCode }
  /** `leafKey`: of the leaf this device has where it is let in already. */
  | { kind: 'wait'; code: ErrorCode; step: JoinStep; afterMs: number | null; leafKey?: Uint8Array }

/**
 * One join, tried until it succeeds, is cancelled, refused or expires; a restart goes on where it stopped, because
 * the request with its keys was stored before it was first sent.
 */
export class JoinRunner {
  readonly #deps: JoinDeps
  readonly #joinId: JoinId
  #abort = new AbortController()
  readonly #silences = new Silences()
  readonly #fresh: FreshLeaf
  #running: Promise<void> | null = null
  #cancelTimer: () => void = () => undefined

  constructor(deps: JoinDeps, joinId: JoinId) {
    this.#deps = deps
    this.#joinId = joinId
    this.#fresh = new FreshLeaf(deps)
  }

  /** Tries now, unless it is trying already or the join has ended. */
  kick(): void {
    if (this.#running !== null || this.#abort.signal.aborted) return
    this.#cancelTimer()
    this.#running = this.#attempt()
      .catch((thrown: unknown) => {
        // Not even the outcome could be stored; nothing of it happened.
        this.#deps.logger.error('join-not-stored', { fault: faultName(thrown) })
        if (!this.#abort.signal.aborted) this.#cancelTimer = this.#deps.clock.after(RETRY_LAST_MS, () => this.kick())
      })
      .finally(() => {
        this.#running = null
      })
  }

  /** Ends what is under way without changing the stored join. */
  async stop(): Promise<void> {
    this.#abort.abort()
    this.#cancelTimer()
    await this.#running
  }

  async #attempt(): Promise<void> {
    const row = this.#deps.store.joins.get(this.#joinId)
    if (row === null || isOver(row.state)) return
    const link = parseLink(row.link)
    if (link === null) return this.#end(row, 'invitation-malformed')
    const group = this.#deps.store.groups.get(row.groupId)
    if (isBesides(row)) return this.#letIn(row, group)
    // By another invitation to the same space, meanwhile.
    if (group !== null) return this.#end(row, 'already-member')
    if (this.#deps.clock.now() > row.expiresAt) return this.#end(row, 'invitation-expired')
    try {
      const outcome = await this.#askAll(row, link)
      if (this.#abort.signal.aborted) return
      if (outcome.kind === 'refused') this.#end(row, outcome.code)
      else if (outcome.kind === 'wait') await this.#putOff(row, outcome)
      else await this.#open(row, link, outcome.answer)
    } catch (thrown) {
      if (this.#abort.signal.aborted) return
      const { code } = toCodedError(thrown)
      this.#deps.logger.warn('join-attempt-failed', { code })
      if (hopeless.has(code)) this.#end(row, code)
      else this.#wait(row, { kind: 'wait', code, step: 'opening', afterMs: null })
    }
  }

  /** Who is in the space already, and waits to be let in where the others are, asks them elsewhere (`../returning.ts`). */
  #letIn(row: JoinRow, group: GroupRow | null): void {
    if (group === null) return this.#close({ ...row, state: { kind: 'cancelled' } })
    if (!group.returning) {
      // What let it in now may lose like the first.
      const keep = (tx: Repositories) => keepJoin(tx, row)
      return this.#close({ ...row, state: { kind: 'done', spaceId: spaceOfGroup(row.groupId) } }, keep)
    }
    if (this.#deps.clock.now() > row.expiresAt) return this.#end(row, 'invitation-expired')
    this.#wait(row, { kind: 'wait', code: 'returning', step: 'asking', afterMs: null })
  }

  /** Asks those the link names in turn, until one welcomes us. One alone is not believed who says that nobody will: the next may know better. */
  async #askAll(row: JoinRow, link: InvitationLink): Promise<Outcome> {
    const request = requestOf(row, link, readOffer(this.#deps.store, row), this.#fresh.offer(row))
    const outcomes: Outcome[] = []
    for (const peer of link.peers) {
      const outcome = await this.#ask(row, peer, request)
      // Whoever fell silent after it was asked may have let us in. A second member who does not know that yet would let us
      // in once more, from the same epoch, and split the group: so the next one is asked only after a pause.
      const mayBeIn = outcome.kind === 'wait' && outcome.step === 'asking' && this.#silences.note(peer.peerId)
      if (outcome.kind === 'welcome' || mayBeIn || this.#abort.signal.aborted) return outcome
      outcomes.push(outcome)
    }
    const waits = outcomes.filter((outcome) => outcome.kind === 'wait')
    const told = waits.find((wait) => wait.leafKey !== undefined)
    const toldToWait = told ?? waits.find((wait) => wait.step === 'admitting')
    const ofAll = outcomes.find((outcome) => outcome.kind === 'refused' && !personal.has(outcome.code))
    return toldToWait ?? ofAll ?? waits[0] ?? outcomes[0] ?? unreachable
  }

  async #ask(row: JoinRow, peer: PeerAddress, request: JoinRequest): Promise<Outcome> {
    let step: JoinStep = 'connecting'
    const onStep = (next: 'connecting' | 'asking') => {
      step = next
      this.#show(row, { kind: 'working', step: next })
    }
    onStep('connecting')
    try {
      const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(ATTEMPT_MS)])
      const answer = await this.#deps.network.join(peer, request, { signal, onStep })
      if (answer.kind === 'later') return { kind: 'wait', code: 'unreachable', step: 'admitting', afterMs: answer.afterMs }
      if (answer.kind === 'leaf') return { kind: 'wait', code: 'returning', step: 'admitting', afterMs: SOON_MS, leafKey: answer.leafKey }
      return answer.kind === 'refused' ? answer : { kind: 'welcome', answer }
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown
      return { kind: 'wait', code: thrown.code === 'cancelled' ? 'timed-out' : thrown.code, step, afterMs: null }
    }
  }

  async #open(row: JoinRow, link: InvitationLink, answer: WelcomeAnswer): Promise<void> {
    this.#show(row, { kind: 'working', step: 'opening' })
    const { engine, store } = this.#deps
    const [first, fresh] = [readOffer(store, row), this.#fresh.offer(row)]
    const joined = await engine.join(link.groupId, answer.welcome, [...first.pairs, ...(fresh?.pairs ?? [])])
    if (!joined.ok) {
      this.#deps.logger.warn('welcome-refused', { reason: joined.error.reason, detail: joined.error.detail })
      return this.#end(row, 'invitation-malformed')
    }
    const leafKey = engine.leafKey(joined.value, engine.self(joined.value).leafIndex)
    const isFresh = fresh !== null && leafKey !== null && equalBytes(leafKey, fresh.freshKey)
    const offer = isFresh ? { ...first, encodedIdentity: fresh.identity } : first
    const done: JoinRow = { ...row, state: { kind: 'done', spaceId: spaceOfGroup(row.groupId) } }
    await this.#deps.enter(done, { state: joined.value, offer, answer })
    this.#deps.changed(done)
  }

  /** A step on the way: shown, not stored, since a restart begins again anyway. */
  #show(row: JoinRow, state: JoinState): void {
    if (!this.#abort.signal.aborted) this.#deps.changed({ ...row, state })
  }

  async #putOff(row: JoinRow, outcome: Extract<Outcome, { kind: 'wait' }>): Promise<void> {
    if (outcome.leafKey !== undefined) await this.#fresh.told(row, outcome.leafKey)
    if (!this.#abort.signal.aborted) this.#wait(row, outcome)
  }

  #wait(row: JoinRow, outcome: Extract<Outcome, { kind: 'wait' }>): void {
    const { clock, random } = this.#deps
    const backoff = Math.min(RETRY_LAST_MS, RETRY_FIRST_MS * 2 ** Math.min(row.attempts, 10))
    const delay = outcome.afterMs ?? Math.round(backoff / 2 + random.fraction() * (backoff / 2))
    const retryAt = clock.now() + delay
    const { code, step } = outcome
    this.#put({ ...row, attempts: row.attempts + 1, state: { kind: 'waiting', step, code, message: refusalText(code, step), retryAt } })
    this.#cancelTimer = clock.after(delay, () => this.kick())
  }

  #end(row: JoinRow, code: ErrorCode): void {
    this.#close({ ...row, state: { kind: 'refused', code, message: refusalText(code, 'asking') } })
  }

  #close(row: JoinRow, also: (tx: Repositories) => void = () => undefined): void {
    const ended = this.#deps.store.transaction((tx) => {
      also(tx)
      return endOffer(tx, row)
    })
    this.#deps.changed(ended)
  }

  #put(row: JoinRow): void {
    this.#deps.store.transaction((tx) => {
      tx.joins.put(row)
    })
    this.#deps.changed(row)
  }
}

/** Refusals that speak of the one who answered; another member may answer otherwise. */
const personal: ReadonlySet<ErrorCode> = new Set(['invitation-wrong-space', 'not-permitted'])

/** What opening a Welcome may meet that no other attempt would change. */
const hopeless: ReadonlySet<ErrorCode> = new Set(['already-member', 'invitation-malformed'])

const unreachable: Outcome = { kind: 'wait', code: 'unreachable', step: 'connecting', afterMs: null }

export const isOver = (state: JoinState): boolean => state.kind === 'done' || state.kind === 'refused' || state.kind === 'cancelled'

function requestOf(row: JoinRow, link: InvitationLink, offer: Offer, instead: ReturnOffer | null): JoinRequest {
  const { groupId, invitationId } = link
  const { memberId, deviceId } = offer.identity
  const claim = { groupId, invitationId, requestId: row.requestId, memberId, deviceId }
  const fresh = instead && freshLeafOf(instead)
  return {
    groupId,
    invitationId,
    requestId: row.requestId,
    keyPackages: offer.pairs.map((p) => p.publicPackage),
    signature: signClaim(link.seed, claim),
    ...(fresh && { fresh }),
  }
}
