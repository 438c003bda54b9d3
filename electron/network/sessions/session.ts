import type { GroupId, PeerId } from '../../../shared/domain/ids.ts'
import type { SessionPath } from '../../../shared/domain/models.ts'
import { AppError } from '../../kernel/errors.ts'
import { shortId } from '../../kernel/logger.ts'
import type { SharedGroup } from '../../ports/wire.ts'
import type { ByteDuplex } from '../channel/byte-duplex.ts'
import type { Rpc } from '../protocols/rpc.ts'
import { answerHello, askHello, failureOf, isSmaller, refuseHello, type ExchangeDeps } from './hello-exchange.ts'
import { SessionChannels } from './session-channels.ts'
import { initialSession, stepSession } from './session-machine.ts'
import type { ExchangeNumber, LinkId, SessionEffect, SessionInput, SessionModel } from './session-state.ts'
import { DialError, type Link } from './transport.ts'

export interface SessionHost extends ExchangeDeps {
  dial(peerId: PeerId, signal: AbortSignal): Promise<Link>
  closeLink(link: Link): void
  /** Milliseconds since 1970; null where the peer may be dialled. */
  keptAwayUntil(peerId: PeerId): number | null
  /** Straight ways past the routers that were found while a relay served. They outlast the session that they were found for. */
  readonly punched: WeakSet<Link>
  onReady(peerId: PeerId, shared: readonly SharedGroup[]): void
  onClosed(peerId: PeerId): void
  /** After every step that changed anything. */
  onChanged(session: Session): void
}

interface Queued {
  input: SessionInput
  /** The stream a `hello-in` came on. */
  hello?: { link: Link; duplex: ByteDuplex }
}

/** Carries out what the state machine of one peer decides. */
export class Session {
  readonly peerId: PeerId
  readonly #host: SessionHost
  readonly #channels: SessionChannels
  readonly #links = new Map<LinkId, Link>()
  readonly #exchanges = new Map<ExchangeNumber, AbortController>()
  readonly #queue: Queued[] = []
  #model: SessionModel = initialSession
  #nextExchange = 0
  #running = false
  #cancelTimer: () => void = () => undefined
  #dialing: AbortController | null = null
  #settling: (() => void)[] = []

  constructor(host: SessionHost, peerId: PeerId) {
    this.#host = host
    this.peerId = peerId
    this.#channels = new SessionChannels({ clock: host.clock, budget: host.budgets.member(peerId), offended: host.offendedBy(peerId) })
  }

  get model(): SessionModel {
    return this.#model
  }

  /** The groups proven on the session as it is now. */
  get shared(): readonly SharedGroup[] {
    return this.#model.state.kind === 'ready' ? this.#model.state.shared : []
  }

  /** The hello is over and there is no group both are in. */
  get provedNothing(): boolean {
    return this.#model.state.kind === 'ready' && this.#model.state.shared.length === 0
  }

  get path(): SessionPath | null {
    const { state } = this.#model
    const link = 'link' in state ? this.#links.get(state.link) : undefined
    if (link === undefined) return null
    if (link.relayed) return 'relayed'
    return this.#host.punched.has(link) ? 'hole-punched' : 'direct'
  }

  /** Ready by way of a relay, and begun at this end. */
  get isRelayedFromHere(): boolean {
    const { state } = this.#model
    return state.kind === 'ready' && state.direction === 'outbound' && this.path === 'relayed'
  }

  usesLink(id: LinkId): boolean {
    return 'link' in this.#model.state && this.#model.state.link === id
  }

  /** Who the peer is in that group, if it has proven so on this very connection. Waits for a hello under way there. */
  async memberOn(link: Link, groupId: GroupId): Promise<SharedGroup | null> {
    while (this.usesLink(link.id) && this.#model.state.kind !== 'ready') {
      await new Promise<void>((resolve) => this.#settling.push(resolve))
    }
    return (this.usesLink(link.id) && this.shared.find((each) => each.groupId === groupId)) || null
  }

  /** Asks on the ready session. Fails with `AppError('unreachable' | 'timed-out' | 'cancelled' | 'too-large')`. */
  async request<Q, R>(rpc: Rpc<Q, R>, groupId: GroupId, request: Q, signal: AbortSignal): Promise<R> {
    const link = this.#readyLink()
    if (link === null || !this.shared.some((each) => each.groupId === groupId)) throw notReady()
    this.input({ kind: 'used' })
    return this.#channels.ask(rpc, link, request, signal)
  }

  /** Runs another hello on the ready session; should it fail, what was proven before stands. */
  async reprove(signal: AbortSignal): Promise<readonly SharedGroup[]> {
    const link = this.#readyLink()
    if (link === null) throw notReady()
    const exchange = this.#nextExchange++
    const shared = await askHello(this.#host, link, signal, () => undefined)
    this.input({ kind: 'proven', link: link.id, exchange, shared })
    return shared
  }

  helloIn(link: Link, duplex: ByteDuplex): void {
    this.#know(link)
    this.#enqueue({ input: { kind: 'hello-in', link: link.id }, hello: { link, duplex } })
  }

  /** A connection to the peer came about; the session moves there if it is a straight one in place of a relayed one. */
  offer(link: Link): void {
    if (link.relayed || this.path !== 'relayed') return
    if (!link.near) this.#host.punched.add(link)
    this.#know(link)
    this.input({ kind: 'better', link: link.id })
  }

  input(input: SessionInput): void {
    this.#enqueue({ input })
  }

  /** Steps never nest: an effect that causes an input has it wait its turn. */
  #enqueue(queued: Queued): void {
    this.#queue.push(queued)
    if (this.#running) return
    this.#running = true
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#step(next)
    this.#running = false
    this.#host.onChanged(this)
  }

  #step({ input, hello }: Queued): void {
    const { clock, random, localPeer } = this.#host
    const env = {
      now: clock.now(),
      // Asked for seldom, and steps are many: one for each request that is answered.
      get fraction() {
        return random.fraction()
      },
      exchange: this.#nextExchange++,
      localIsSmaller: isSmaller(localPeer, this.peerId),
    }
    const { model, effects } = stepSession(this.#model, input, env)
    this.#model = model
    for (const effect of effects) this.#carryOut(effect, hello)
    if (model.state.kind !== 'handshaking' && model.state.kind !== 'proving') this.#wakeSettling()
  }

  #carryOut(effect: SessionEffect, hello: Queued['hello']): void {
    switch (effect.kind) {
      case 'dial':
        return void this.#dial()
      case 'cancel-dial':
        return this.#dialing?.abort()
      case 'initiate':
        return void this.#initiate(effect.link, effect.exchange)
      case 'respond':
        if (hello !== undefined) void this.#respond(hello.link, hello.duplex, effect.exchange)
        return
      case 'refuse-hello':
        if (hello !== undefined) refuseHello(this.#host, this.peerId, hello.duplex)
        return
      case 'abandon':
        return this.#exchanges.get(effect.exchange)?.abort()
      case 'close-link':
        return this.#closeLink(effect.link)
      case 'timer':
        return this.#setTimer(effect.ms)
      case 'emit-ready':
        return this.#host.onReady(this.peerId, effect.shared)
      case 'emit-closed':
        this.#channels.reset()
        return this.#host.onClosed(this.peerId)
      case 'log':
        return this.#log(effect)
    }
  }

  async #dial(): Promise<void> {
    this.#dialing?.abort()
    const until = this.#host.keptAwayUntil(this.peerId)
    if (until !== null) return this.input({ kind: 'kept-away', until })
    const controller = new AbortController()
    this.#dialing = controller
    try {
      const link = await this.#host.dial(this.peerId, controller.signal)
      this.#know(link)
      this.input({ kind: 'dialed', link: link.id })
    } catch (thrown) {
      if (controller.signal.aborted) return
      this.input({
        kind: 'dial-failed',
        failure: thrown instanceof DialError && thrown.failure === 'timed-out' ? 'timed-out' : 'unreachable',
      })
    }
  }

  async #initiate(linkId: LinkId, exchange: ExchangeNumber): Promise<void> {
    const link = this.#links.get(linkId)
    const controller = this.#begin(exchange)
    try {
      if (link === undefined) throw notReady()
      const shared = await askHello(this.#host, link, controller.signal, () => this.input({ kind: 'opened', exchange }))
      this.input({ kind: 'proven', link: linkId, exchange, shared })
    } catch (thrown) {
      if (!controller.signal.aborted) this.input({ kind: 'exchange-failed', exchange, failure: failureOf(thrown) })
    } finally {
      this.#exchanges.delete(exchange)
    }
  }

  async #respond(link: Link, duplex: ByteDuplex, exchange: ExchangeNumber): Promise<void> {
    const controller = this.#begin(exchange)
    controller.signal.addEventListener('abort', () => duplex.reset('abandoned'), { once: true })
    await answerHello(this.#host, duplex, {
      remotePeer: this.peerId,
      onOpened: () => this.input({ kind: 'opened', exchange }),
      onProven: (shared) => this.input({ kind: 'proven', link: link.id, exchange, shared }),
    })
    this.#exchanges.delete(exchange)
    this.input({ kind: 'exchange-failed', exchange, failure: 'lost' })
  }

  #begin(exchange: ExchangeNumber): AbortController {
    const controller = new AbortController()
    this.#exchanges.set(exchange, controller)
    return controller
  }

  #know(link: Link): void {
    if (this.#links.has(link.id)) return
    this.#links.set(link.id, link)
    link.onClose(() => {
      this.#links.delete(link.id)
      this.input({ kind: 'link-closed', link: link.id })
    })
  }

  #closeLink(id: LinkId): void {
    const link = this.#links.get(id)
    this.#channels.reset()
    if (link !== undefined) this.#host.closeLink(link)
  }

  #readyLink(): Link | null {
    const { state } = this.#model
    return (state.kind === 'ready' && this.#links.get(state.link)) || null
  }

  #setTimer(ms: number | null): void {
    this.#cancelTimer()
    this.#cancelTimer = ms === null ? () => undefined : this.#host.clock.after(ms, () => this.input({ kind: 'timer' }))
  }

  #wakeSettling(): void {
    const waiting = this.#settling
    this.#settling = []
    for (const wake of waiting) wake()
  }

  #log(effect: Extract<SessionEffect, { kind: 'log' }>): void {
    const { outcome, step, direction, ms } = effect
    this.#host.logger.info('handshake', { peer: shortId(this.peerId), outcome, step, direction, ms })
  }
}

export const notReady = (): AppError => new AppError('unreachable', 'There is no connection to this member now.')
