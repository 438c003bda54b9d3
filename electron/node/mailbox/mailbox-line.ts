import type { GroupId, PeerId } from '../../../shared/domain/ids.ts'
import type { MailboxStatus } from '../../../shared/domain/models.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import { shortId } from '../../kernel/logger.ts'
import type { Logger } from '../../kernel/logger.ts'
import { isWithin } from '../../network/protocols/peer-rate.ts'
import type { MailboxAnswer, MailboxGet, MailboxPut, MailboxRefusal } from '../../ports/mailbox.ts'
import type { Network } from '../../ports/network.ts'
import type { PeerAddress } from '../../ports/wire.ts'

export interface LineDeps {
  network: Network
  clock: Clock
  logger: Logger
  /** Its state is another than before. */
  changed: () => void
  /** What receipts of a peer are checked with; null for what is no peer id. */
  publicKeyOf: (peerId: PeerId) => Uint8Array | null
}

/** Longer than an answer may take (`network/protocols/mailbox`). */
const ASK_MS = 45_000

/** How long one that said what cannot be true is left alone: it may only want to be listened to. */
const LIAR_MS = 60 * 60_000

/** How long a relay that keeps no mailbox is not asked. */
const NONE_MS = 60 * 60_000

const REFUSED = {
  clock: 'clock',
  signature: 'untrusted',
  'tag-full': 'full',
  'mailbox-full': 'full',
} as const satisfies Record<MailboxRefusal, MailboxStatus['state']>

/** One mailbox as this device knows it: what is asked of it, and what that says of it. */
export class MailboxLine {
  readonly peerId: PeerId
  readonly key: Uint8Array | null
  #peer: PeerAddress
  readonly #deps: LineDeps
  readonly #abort: AbortSignal
  #state: MailboxStatus['state'] = 'unknown'
  #lastFetchedAt: number | null = null
  readonly #withheld = new Map<GroupId, number>()
  /** Since when, and for how long, it is left alone. */
  #pause = { since: 0, ms: 0 }

  constructor(deps: LineDeps, peer: PeerAddress, abort: AbortSignal) {
    this.#deps = deps
    this.#peer = peer
    this.#abort = abort
    this.peerId = peer.peerId
    this.key = deps.publicKeyOf(peer.peerId)
  }

  /** It said when to come again. */
  get waitMs(): number {
    const { since, ms } = this.#pause
    const now = this.#deps.clock.now()
    return isWithin(ms, since, now) ? since + ms - now : 0
  }

  moved(peer: PeerAddress): void {
    this.#peer = peer
  }

  status(): MailboxStatus {
    const withheld = [...this.#withheld.values()].reduce((sum, n) => sum + n, 0)
    return { peerId: this.peerId, state: this.#state, lastFetchedAt: this.#lastFetchedAt, withheld }
  }

  /** Null for whatever is no answer to it: then nothing is known but what `status` says. A tag that is full says nothing of others. */
  async put(request: MailboxPut): Promise<Extract<MailboxAnswer, { kind: 'stored' }> | 'tag-full' | null> {
    const answer = await this.#ask(request)
    if (answer?.kind === 'refused' && answer.code === 'tag-full') return answer.code
    return answer?.kind === 'stored' ? answer : null
  }

  async get(request: MailboxGet): Promise<Extract<MailboxAnswer, { kind: 'page' }> | null> {
    const answer = await this.#ask(request)
    return answer?.kind === 'page' ? answer : null
  }

  /** All that it has of a group was fetched. */
  fetched(groupId: GroupId, withheld: number): void {
    this.#lastFetchedAt = this.#deps.clock.now()
    this.#withheld.set(groupId, withheld)
    this.#deps.changed()
  }

  /** It gave a receipt that does not hold, or pages without an end. It is asked again an hour later. */
  lied(): void {
    this.#leaveAlone(LIAR_MS)
    this.#become('untrusted')
  }

  async #ask(request: MailboxPut | MailboxGet): Promise<MailboxAnswer | null> {
    if (this.waitMs > 0) return null
    const { network, logger } = this.#deps
    try {
      const signal = AbortSignal.any([this.#abort, AbortSignal.timeout(ASK_MS)])
      const answer = await network.mailbox(this.#peer, request, signal)
      if (answer.kind === 'later') this.#leaveAlone(answer.afterMs)
      if (answer.kind === 'refused') this.#become(REFUSED[answer.code])
      // One that takes nothing may still give.
      else if (this.#state !== 'full' || answer.kind === 'stored') this.#become('reachable')
      return answer
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown
      if (this.#abort.aborted) return null
      logger.info('mailbox-silent', { mailbox: shortId(this.peerId), code: thrown.code })
      // A relay need not keep one; it may begin to.
      if (thrown.code === 'not-found') this.#leaveAlone(NONE_MS)
      this.#become(thrown.code === 'not-found' ? 'none' : 'unreachable')
      return null
    }
  }

  #leaveAlone(ms: number): void {
    this.#pause = { since: this.#deps.clock.now(), ms }
  }

  #become(state: MailboxStatus['state']): void {
    // One that lied may be asked, and is not believed again for it.
    if (this.#state === state || (this.#state === 'untrusted' && state === 'reachable')) return
    this.#state = state
    this.#deps.changed()
  }
}
