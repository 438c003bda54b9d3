import { equalBytes } from '../../kernel/bytes.ts'
import { AppError, toCodedError } from '../../kernel/errors.ts'
import type { GroupId, JoinId, PeerId } from '../../../shared/domain/ids.ts'
import { spaceOfGroup } from '../../../shared/domain/ids.ts'
import type { Join, JoinState, JoinStep } from '../../../shared/domain/models.ts'
import type { ErrorCode } from '../../../shared/ipc/error-codes.ts'
import type { GroupEngine } from '../../crypto/mls/group-engine.ts'
import type { Clock } from '../../kernel/clock.ts'
import { faultName } from '../../kernel/logger.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Random } from '../../kernel/random.ts'
import type { Network } from '../../ports/network.ts'
import type { GroupRow, JoinRow, Repositories, Store } from '../../ports/store.ts'
import type { JoinAnswer, JoinRequest, PeerAddress } from '../../ports/wire.ts'
import { signClaim } from '../../sync/invitations/keys.ts'
import { isBesides, keepJoin } from '../../sync/returning/join-again.ts'
import { parseLink } from '../../sync/invitations/link.ts'
import type { InvitationLink } from '../../sync/invitations/link.ts'
import { readWelcomer } from '../../sync/invitations/welcomer.ts'
import type { ReturnOffer } from '../../sync/returning/offer.ts'
import { Silences } from '../silences.ts'
import { joinView } from '../views/views.ts'
import { isOfSameMember, isOut } from './again.ts'
import { refusalText } from './refusals.ts'
import { FreshLeaf } from './fresh-leaf.ts'
import { asksAsBefore } from './given-up.ts'
import { endOffer, makeOffer, putOffer, readOffer } from './offer.ts'
import type { Offer } from './offer.ts'
import { isInside } from './outdone.ts'
import { Refusals } from './outcome.ts'
import type { Opened, Outcome, Wait, WelcomeAnswer } from './outcome.ts'

const RETRY_FIRST_MS = 2_000
const RETRY_LAST_MS = 60_000
const ATTEMPT_MS = 30_000
/** When to ask again whoever knows that this device is in and cannot let it in. */
const SOON_MS = 5_000

export interface JoinDeps {
  store: Store
  engine: GroupEngine
  network: Network
  clock: Clock
  random: Random
  logger: Logger
  /** Stores the group a Welcome opened together with the end of the join (`endOffer`), and starts it. */
  enter(row: JoinRow, opened: Opened): Promise<void>
  changed(join: Join): void
  /** There is another invitation to a space in which this device waits to be let in again. */
  letIn(groupId: GroupId): void
}

/** What one round asks with. */
interface Asking {
  row: JoinRow
  offer: Offer
  fresh: ReturnOffer | null
}

/**
 * One join, tried until it succeeds, is cancelled, refused or expires; a restart goes on where it stopped, because
 * the request with its keys was stored before it was first sent.
 */
export class JoinRunner {
  readonly #deps: JoinDeps
  readonly #joinId: JoinId
  #abort = new AbortController()
  readonly #silences = new Silences()
  readonly #refusals = new Refusals()
  readonly #fresh: FreshLeaf
  #running: Promise<void> | null = null
  #step: JoinStep | null = null
  #cancelTimer: () => void = () => undefined

  constructor(deps: JoinDeps, joinId: JoinId) {
    this.#deps = deps
    this.#joinId = joinId
    this.#fresh = new FreshLeaf(deps)
  }

  /** How far the try is that is under way; null while none is. A restart begins again anyway, so it is not stored. */
  get step(): JoinStep | null {
    return this.#step
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
        this.#step = null
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
    const again = group !== null && isOut(this.#deps.store, row.groupId)
    // By another invitation to the same space, meanwhile: what was wanted is so.
    if (isInside(this.#deps.store, row.groupId)) return this.#close({ ...row, state: inSpace(row) })
    if (group !== null && !again) return this.#end(row, 'already-member')
    if (group !== null && !isOfSameMember(row, group)) return this.#end(row, 'removed')
    if (this.#deps.clock.now() > row.expiresAt) return this.#end(row, 'invitation-expired')
    try {
      const outcome = await this.#askAll(row, link)
      if (this.#abort.signal.aborted) return
      // This device knows that it was: by an invitation from before that nobody is let in.
      if (again && outcome.kind === 'wait' && outcome.code === 'removed') this.#end(row, 'removed')
      else if (group === null && isRemoval(outcome) && asksAsBefore(this.#deps.store, row)) await this.#askAsSomebodyNew(row, link)
      else if (outcome.kind === 'refused') this.#end(row, outcome.code)
      else if (outcome.kind === 'wait') await this.#putOff(row, outcome)
      else await this.#enter(row, outcome.opened)
    } catch (thrown) {
      if (this.#abort.signal.aborted) return
      const { code } = toCodedError(thrown)
      this.#deps.logger.warn('join-attempt-failed', { code })
      if (code === 'already-member' && isInside(this.#deps.store, row.groupId)) this.#close({ ...row, state: inSpace(row) })
      else if (hopeless.has(code)) this.#end(row, code)
      else this.#wait(row, { kind: 'wait', code, step: 'opening', afterMs: null })
    }
  }

  /** Who is in the space already, and waits to be let in where the others are, asks them elsewhere (`../returning.ts`). */
  #letIn(row: JoinRow, group: GroupRow | null): void {
    if (group === null) return this.#close({ ...row, state: { kind: 'cancelled' } })
    // It is out after all: by that link it may ask as one who was removed (`again.ts`), if somebody wants that.
    if (isOut(this.#deps.store, row.groupId)) return this.#end(row, 'removed')
    if (!group.returning) {
      // What let it in now may lose like the first.
      const keep = (tx: Repositories) => keepJoin(tx, row)
      return this.#close({ ...row, state: inSpace(row) }, keep)
    }
    if (this.#deps.clock.now() > row.expiresAt) return this.#end(row, 'invitation-expired')
    this.#wait(row, { kind: 'wait', code: 'returning', step: 'asking', afterMs: null })
  }

  /**
   * The one who was given up was let in, and then put out: this invitation does not bring them back. It was made for whoever asks now, who never was
   * in the space as far as they know.
   */
  async #askAsSomebodyNew(row: JoinRow, { groupId }: InvitationLink): Promise<void> {
    const { store, engine, random, clock } = this.#deps
    const offer = await makeOffer(engine, groupId, row.memberName, random)
    if (this.#abort.signal.aborted) return
    const next: JoinRow = { ...row, requestId: random.id(), identity: offer.encodedIdentity }
    store.transaction((tx) => {
      endOffer(tx, { ...row, state: { kind: 'refused', code: 'removed', message: '' } }, clock.now())
      putOffer(tx, next, offer)
    })
    this.#wait(next, { kind: 'wait', code: 'removed', step: 'admitting', afterMs: 0 })
  }

  /** Asks those the link names in turn, until one lets us in. One alone is not believed who says that nobody will: the next may know better. */
  async #askAll(row: JoinRow, link: InvitationLink): Promise<Outcome> {
    const offer = readOffer(this.#deps.store, row)
    const asking: Asking = { row, offer, fresh: this.#fresh.offer(row) }
    const request = requestOf(link, asking)
    const outcomes: Outcome[] = []
    for (const peer of link.peers) {
      const outcome = await this.#ask(asking, peer, request)
      // Whoever fell silent after it was asked may have let us in. A second member who does not know that yet would let us
      // in once more, from the same epoch, and split the group: so the next one is asked only after a pause.
      const mayBeIn = outcome.kind === 'wait' && outcome.step === 'asking' && this.#silences.note(peer.peerId)
      if (outcome.kind === 'opened' || mayBeIn || this.#abort.signal.aborted) return outcome
      outcomes.push(outcome)
    }
    return this.#refusals.judge(outcomes)
  }

  async #ask(asking: Asking, peer: PeerAddress, request: JoinRequest): Promise<Outcome> {
    const { row } = asking
    let step: JoinStep = 'connecting'
    const onStep = (next: 'connecting' | 'asking') => {
      step = next
      this.#show(row, next)
    }
    onStep('connecting')
    let answer: JoinAnswer
    try {
      const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(ATTEMPT_MS)])
      answer = await this.#deps.network.join(peer, request, { signal, onStep })
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown
      return { kind: 'wait', code: thrown.code === 'cancelled' ? 'timed-out' : thrown.code, step, afterMs: null }
    }
    switch (answer.kind) {
      case 'later':
        return { kind: 'wait', code: 'unreachable', step: 'admitting', afterMs: answer.afterMs }
      case 'leaf':
        return { kind: 'wait', code: 'returning', step: 'admitting', afterMs: SOON_MS, leafKeys: [answer.leafKey] }
      case 'refused':
        return answer
      case 'welcome':
        return this.#open(asking, answer, peer.peerId)
    }
  }

  async #open({ row, offer: first, fresh }: Asking, answer: WelcomeAnswer, giver: PeerId): Promise<Outcome> {
    this.#show(row, 'opening')
    const { engine, logger, network } = this.#deps
    const pairs = [...first.pairs, ...(fresh?.pairs ?? [])]
    const joined = await engine.join(row.groupId, answer.welcome, pairs)
    if (!joined.ok) {
      logger.warn('welcome-refused', { reason: joined.error.reason, detail: joined.error.detail })
      return { kind: 'refused', code: 'invitation-malformed' }
    }
    const state = joined.value
    const leafKey = engine.leafKey(state, engine.self(state).leafIndex)
    const isFresh = fresh !== null && leafKey !== null && equalBytes(leafKey, fresh.freshKey)
    const offer = isFresh ? { ...first, encodedIdentity: fresh.identity } : first
    const giving = { requestId: row.requestId, giver, asker: network.localPeer }
    const welcomer = readWelcomer(engine, state, giving, answer.by)
    return { kind: 'opened', opened: { state, offer, pairs, answer, giver, welcomer } }
  }

  async #enter(row: JoinRow, opened: Opened): Promise<void> {
    const done: JoinRow = { ...row, state: inSpace(row) }
    await this.#deps.enter(done, opened)
    this.#stored(done)
  }

  #show(row: JoinRow, step: JoinStep): void {
    if (this.#abort.signal.aborted) return
    this.#step = step
    this.#deps.changed(joinView(row, step))
  }

  /** What the try came to is stored. */
  #stored(row: JoinRow): void {
    this.#step = null
    this.#deps.changed(joinView(row, null))
  }

  async #putOff(row: JoinRow, outcome: Wait): Promise<void> {
    if (outcome.leafKeys !== undefined) await this.#fresh.toldToWait(row, outcome.leafKeys)
    if (!this.#abort.signal.aborted) this.#wait(row, outcome)
  }

  #wait(row: JoinRow, outcome: Wait): void {
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
      return endOffer(tx, row, this.#deps.clock.now())
    })
    this.#stored(ended)
  }

  #put(row: JoinRow): void {
    this.#deps.store.transaction((tx) => {
      tx.joins.put(row)
    })
    this.#stored(row)
  }
}

/** What opening a Welcome may meet that no other attempt would change. */
const hopeless: ReadonlySet<ErrorCode> = new Set(['already-member', 'invitation-malformed', 'invitation-wrong-space'])

const isRemoval = (outcome: Outcome): boolean => outcome.kind === 'refused' && outcome.code === 'removed'

const inSpace = ({ groupId }: JoinRow): JoinState => ({ kind: 'done', spaceId: spaceOfGroup(groupId) })

export const isOver = (state: JoinState): boolean => state.kind === 'done' || state.kind === 'refused' || state.kind === 'cancelled'

function requestOf(link: InvitationLink, { row, offer, fresh }: Asking): JoinRequest {
  const { groupId, invitationId } = link
  const { memberId, deviceId } = offer.identity
  const claim = { groupId, invitationId, requestId: row.requestId, memberId, deviceId }
  return {
    groupId,
    invitationId,
    requestId: row.requestId,
    keyPackages: offer.pairs.map((p) => p.publicPackage),
    signature: signClaim(link.seed, claim),
    ...(fresh && { fresh: fresh.request }),
  }
}
