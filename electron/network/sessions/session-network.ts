import type { GroupId, PeerId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import { Emitter } from '../../kernel/emitter.ts'
import { AppError } from '../../kernel/errors.ts'
import { faultName, type Logger } from '../../kernel/logger.ts'
import type { Random } from '../../kernel/random.ts'
import { underAny } from '../../kernel/under-any.ts'
import type { Network, NetworkEvents, NetworkHandlers, Reach, Reached, RelayProbe, SessionStatus } from '../../ports/network.ts'
import type { MailboxAnswer, MailboxRequest } from '../../ports/mailbox.ts'
import type {
  Frontier,
  HandOver,
  HistoryAnswer,
  HistoryRequest,
  JoinAnswer,
  JoinRequest,
  LeaveAnswer,
  LeaveRequest,
  ObjectAck,
  ObjectPush,
  PeerAddress,
  PeerHint,
  PeerRecord,
  ReturnAnswer,
  ReturnRequest,
  SharedGroup,
  WelcomeAnswer,
  WelcomeRequest,
} from '../../ports/wire.ts'
import type { ByteDuplex } from '../channel/byte-duplex.ts'
import { frontierRpc } from '../protocols/frontier/frontier-rpc.ts'
import { HAND_OVER_WINDOW_MS, HAND_OVERS_PER_PEER } from '../protocols/hand-over/constants.ts'
import { isHandful } from '../protocols/hand-over/hand-over.ts'
import { handOverRpc } from '../protocols/hand-over/hand-over-rpc.ts'
import { HistoryRate } from '../protocols/history/history-rate.ts'
import { historyRpc } from '../protocols/history/history-rpc.ts'
import { HINTS_PER_PEER, HINTS_WINDOW_MS } from '../protocols/hints/constants.ts'
import { hintsRpc } from '../protocols/hints/hints-rpc.ts'
import { JoinRate } from '../protocols/join/join-rate.ts'
import { LEAVE_WINDOW_MS, LEAVES_PER_PEER } from '../protocols/leave/constants.ts'
import { leaveRpc } from '../protocols/leave/leave-rpc.ts'
import { isBatch } from '../protocols/objects/object-push.ts'
import { objectsRpc } from '../protocols/objects/objects-rpc.ts'
import { PeerRate } from '../protocols/peer-rate.ts'
import { RETURN_WINDOW_MS, RETURNS_PER_PEER } from '../protocols/return/constants.ts'
import { WELCOME_WINDOW_MS, WELCOMES_PER_PEER } from '../protocols/welcome/constants.ts'
import { welcomeRpc } from '../protocols/welcome/welcome-rpc.ts'
import { returnRpc } from '../protocols/return/return-rpc.ts'
import { AddressBook } from './address-book.ts'
import { askToJoin, connectToJoin, type JoinHost, type JoinOptions } from './join-client.ts'
import { KeepAway } from './keep-away.ts'
import { LinkKeeper } from './link-keeper.ts'
import { askMailbox, connectToMailbox } from './mailbox-client.ts'
import { serveStream, type ServeDeps } from './serve-streams.ts'
import { notReady, Session, type SessionHost } from './session.ts'
import { toStatus } from './session-status.ts'
import { Straightener } from './straightener.ts'
import { SessionBudgets } from './session-budgets.ts'
import type { Link, Transport, TransportEvents } from './transport.ts'

export interface SessionNetworkDeps {
  handlers: NetworkHandlers
  transport: Transport
  clock: Clock
  random: Random
  logger: Logger
  /** Whether anybody may be seen on the local network, so that it is worth a join's while to wait for it. */
  discovers: boolean
}

/** Sessions over any transport: the `Network` port without libp2p. */
export class SessionNetwork implements Network {
  readonly localPeer: PeerId
  readonly #deps: SessionNetworkDeps
  readonly #events: Emitter<NetworkEvents>
  readonly #sessions = new Map<PeerId, Session>()
  readonly #addresses = new AddressBook()
  readonly #links: LinkKeeper
  readonly #keepAway: KeepAway
  readonly #straightener: Straightener
  readonly #host: SessionHost & JoinHost & ServeDeps
  readonly #stopping = new AbortController()
  #wanted: ReadonlySet<PeerId> = new Set()
  #phase: 'new' | 'started' | 'stopped' = 'new'
  #stopped: Promise<void> | null = null

  constructor(deps: SessionNetworkDeps) {
    this.#deps = deps
    this.localPeer = deps.transport.localPeer
    this.#events = new Emitter((thrown) => deps.logger.error('listener-failed', { fault: faultName(thrown) }))
    this.#links = new LinkKeeper(deps.clock, (link) => this.#sessionOn(link) !== null)
    this.#keepAway = new KeepAway({
      clock: deps.clock,
      logger: deps.logger,
      isMember: (peerId) => this.#isKnown(peerId),
      cut: (peerId, until) => this.#cut(peerId, until),
    })
    this.#straightener = new Straightener({
      clock: deps.clock,
      isOurs: (peerId) => this.#sessions.get(peerId)?.isRelayedFromHere === true,
      dial: (peerId, signal) => deps.transport.dialDirect({ peerId, addresses: this.#addresses.of(peerId) }, signal),
    })
    this.#host = this.#createHost()
  }

  async start(): Promise<void> {
    if (this.#phase === 'stopped') throw stopping()
    if (this.#phase === 'started') return
    this.#phase = 'started'
    try {
      await this.#deps.transport.start(this.#transportEvents())
    } catch (thrown) {
      if (!this.#isStopped) this.#phase = 'new'
      throw thrown
    }
    if (this.#isStopped) throw stopping()
    this.#dialWanted()
    this.#events.emit('changed', undefined)
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  addresses(): string[] {
    return this.#phase === 'started' ? this.#deps.transport.addresses() : []
  }

  async record(): Promise<Uint8Array | null> {
    return this.#phase === 'started' ? this.#deps.transport.record() : null
  }

  openRecord(record: Uint8Array): Promise<PeerRecord | null> {
    return this.#deps.transport.openRecord(record)
  }

  setReach(reach: Reach): Promise<void> {
    return this.#phase === 'stopped' ? Promise.resolve() : this.#deps.transport.setReach(reach)
  }

  setWanted(peers: readonly PeerAddress[]): void {
    if (this.#phase === 'stopped') return
    const others = peers.filter((peer) => peer.peerId !== this.localPeer)
    const before = this.#wanted
    const news = others.filter((peer) => peer.addresses.some((address) => !this.#addresses.of(peer.peerId).includes(address)))
    this.#wanted = new Set(others.map((peer) => peer.peerId))
    this.#addresses.tell(others)
    for (const peerId of before) {
      if (this.#wanted.has(peerId)) continue
      this.#sessions.get(peerId)?.input({ kind: 'unwanted' })
      this.#tellKnown(peerId)
    }
    if (this.#phase === 'started') this.#dialWanted()
    for (const { peerId } of news) {
      this.#sessions.get(peerId)?.input({ kind: 'retry' })
      this.#straightener.retry(peerId)
    }
  }

  retryNow(): void {
    for (const session of [...this.#sessions.values()]) session.input({ kind: 'retry' })
  }

  async join(peer: PeerAddress, request: JoinRequest, options: JoinOptions): Promise<JoinAnswer> {
    this.#assertRunning()
    return underAny([options.signal, this.#stopping.signal], async (signal) => {
      const link = await connectToJoin(this.#host, peer, { ...options, signal })
      return this.#links.during(link, () => askToJoin(this.#host, link, request, { ...options, signal }))
    })
  }

  async mailbox(peer: PeerAddress, request: MailboxRequest, given: AbortSignal): Promise<MailboxAnswer> {
    this.#assertRunning()
    return underAny([given, this.#stopping.signal], async (signal) => {
      const link = await connectToMailbox(this.#host, peer, signal)
      return this.#links.during(link, () => askMailbox(this.#host, link, request, signal))
    })
  }

  async push(peer: PeerId, push: ObjectPush, signal: AbortSignal): Promise<ObjectAck[]> {
    if (!isBatch(push.objects)) throw new AppError('too-large', 'These are too many objects to send at once.')
    return this.#ready(peer).request(objectsRpc, push.groupId, push, signal)
  }

  async frontier(peer: PeerId, ours: Frontier, signal: AbortSignal): Promise<Frontier> {
    return this.#ready(peer).request(frontierRpc, ours.groupId, ours, signal)
  }

  async askReturn(peer: PeerId, request: ReturnRequest, signal: AbortSignal): Promise<ReturnAnswer> {
    return this.#ready(peer).request(returnRpc, request.groupId, request, signal)
  }

  async askLeave(peer: PeerId, request: LeaveRequest, signal: AbortSignal): Promise<LeaveAnswer> {
    return this.#ready(peer).request(leaveRpc, request.groupId, request, signal)
  }

  async askHistory(peer: PeerId, request: HistoryRequest, signal: AbortSignal): Promise<HistoryAnswer> {
    return this.#ready(peer).request(historyRpc, request.groupId, request, signal)
  }

  async handOver(peer: PeerId, given: HandOver, signal: AbortSignal): Promise<ObjectAck[]> {
    if (!isHandful(given.contents)) throw new AppError('too-large', 'These are too many messages to give at once.')
    return this.#ready(peer).request(handOverRpc, given.groupId, given, signal)
  }

  async askWelcome(peer: PeerId, request: WelcomeRequest, signal: AbortSignal): Promise<WelcomeAnswer> {
    return this.#ready(peer).request(welcomeRpc, request.groupId, request, signal)
  }

  async hints(peer: PeerId, groupId: GroupId, ours: PeerHint[], signal: AbortSignal): Promise<PeerHint[]> {
    const theirs = await this.#ready(peer).request(hintsRpc, groupId, { groupId, hints: ours }, signal)
    return theirs.hints
  }

  async reprove(peer: PeerId, signal: AbortSignal): Promise<readonly SharedGroup[]> {
    return this.#ready(peer).reprove(signal)
  }

  sessions(): readonly SessionStatus[] {
    return [...this.#sessions.values()].flatMap((session) => toStatus(session.peerId, session.model, session.path))
  }

  reached(): Reached {
    return { ...this.#deps.transport.reached(), nearby: this.#deps.discovers ? this.#addresses.met : null }
  }

  async probeRelay(address: string, given: AbortSignal): Promise<RelayProbe> {
    this.#assertRunning()
    return underAny([given, this.#stopping.signal], (signal) => this.#deps.transport.probeRelay(address, signal))
  }

  on<N extends keyof NetworkEvents>(name: N, listener: (data: NetworkEvents[N]) => void): () => void {
    return this.#events.on(name, listener)
  }

  get #isStopped(): boolean {
    return this.#phase === 'stopped'
  }

  async #stop(): Promise<void> {
    const ran = this.#phase === 'started'
    this.#phase = 'stopped'
    this.#stopping.abort()
    this.#straightener.stop()
    for (const session of [...this.#sessions.values()]) session.input({ kind: 'stop' })
    this.#sessions.clear()
    if (ran) await this.#deps.transport.stop()
  }

  #dialWanted(): void {
    for (const peerId of this.#wanted) {
      this.#session(peerId).input({ kind: 'wanted' })
      this.#tellKnown(peerId)
    }
  }

  #assertRunning(): void {
    if (this.#phase !== 'started') throw stopping()
  }

  #ready(peerId: PeerId): Session {
    this.#assertRunning()
    const session = this.#sessions.get(peerId)
    if (session === undefined) throw notReady()
    return session
  }

  #session(peerId: PeerId): Session {
    const known = this.#sessions.get(peerId)
    if (known !== undefined) return known
    const session = new Session(this.#host, peerId)
    this.#sessions.set(peerId, session)
    return session
  }

  #sessionOn(link: Link): Session | null {
    const session = this.#sessions.get(link.peerId)
    return session?.usesLink(link.id) ? session : null
  }

  #isKnown(peerId: PeerId): boolean {
    return this.#wanted.has(peerId) || (this.#sessions.get(peerId)?.shared.length ?? 0) > 0
  }

  #cut(peerId: PeerId, until: number): void {
    if (this.#phase !== 'started') return
    this.#sessions.get(peerId)?.input({ kind: 'kept-away', until })
    this.#deps.transport.cut(peerId)
  }

  #tellKnown(peerId: PeerId): void {
    if (this.#phase === 'started') this.#deps.transport.setKnown(peerId, this.#isKnown(peerId))
  }

  #createHost(): SessionHost & JoinHost & ServeDeps {
    const { transport, clock, random, logger, handlers } = this.#deps
    return {
      clock,
      random,
      logger,
      handlers,
      localPeer: this.localPeer,
      membership: handlers.membership,
      budgets: new SessionBudgets(),
      joinRate: new JoinRate(clock),
      returnRate: new PeerRate(clock, { most: RETURNS_PER_PEER, windowMs: RETURN_WINDOW_MS }),
      leaveRate: new PeerRate(clock, { most: LEAVES_PER_PEER, windowMs: LEAVE_WINDOW_MS }),
      historyRate: new HistoryRate(clock),
      handOverRate: new PeerRate(clock, { most: HAND_OVERS_PER_PEER, windowMs: HAND_OVER_WINDOW_MS }),
      hintsRate: new PeerRate(clock, { most: HINTS_PER_PEER, windowMs: HINTS_WINDOW_MS }),
      welcomeRate: new PeerRate(clock, { most: WELCOMES_PER_PEER, windowMs: WELCOME_WINDOW_MS }),
      dial: (peer: PeerId | PeerAddress, signal: AbortSignal) =>
        transport.dial(typeof peer === 'string' ? { peerId: peer, addresses: this.#addresses.of(peer) } : peer, signal),
      discover: (peer, signal) => this.#discover(peer, signal),
      closeLink: (link) => this.#links.close(link),
      keptAwayUntil: (peerId) => this.#keepAway.until(peerId),
      offendedBy: (peerId) => this.#keepAway.offendedBy(peerId),
      punched: new WeakSet(),
      sessionFor: (link) => this.#session(link.peerId),
      sessionOn: (link) => this.#sessionOn(link),
      onReady: (peerId, shared) => {
        this.#tellKnown(peerId)
        this.#straightener.relayedOrNot(peerId)
        this.#events.emit('ready', { peerId, shared })
      },
      onClosed: (peerId) => {
        this.#tellKnown(peerId)
        this.#straightener.forget(peerId)
        this.#events.emit('closed', { peerId })
      },
      onChanged: (session) => this.#onChanged(session),
    }
  }

  #onChanged(session: Session): void {
    const { state, wanted } = session.model
    if (state.kind === 'idle' && !wanted && this.#sessions.get(session.peerId) === session) this.#sessions.delete(session.peerId)
    this.#events.emit('changed', undefined)
  }

  #transportEvents(): TransportEvents {
    return {
      onLink: (link) => {
        this.#links.watch(link)
        this.#sessions.get(link.peerId)?.offer(link)
      },
      onStream: (protocol: string, link: Link, duplex: ByteDuplex) => {
        if (this.#phase === 'started') serveStream(this.#host, protocol, link, duplex)
        else duplex.reset('stopping')
      },
      onDiscovered: (peer) => {
        const news = this.#addresses.see(peer)
        if (news) this.#sessions.get(peer.peerId)?.input({ kind: 'retry' })
      },
      onNetworkChange: () => {
        this.retryNow()
        this.#events.emit('moved', undefined)
        this.#events.emit('changed', undefined)
      },
      onReachedChange: () => this.#events.emit('changed', undefined),
      isKnown: (peerId) => this.#isKnown(peerId),
      isKeptAway: (peerId) => this.#keepAway.until(peerId) !== null,
    }
  }

  async #discover(peer: PeerAddress, signal: AbortSignal): Promise<string[]> {
    const news = (): string[] => this.#addresses.seen(peer.peerId).filter((address) => !peer.addresses.includes(address))
    if (this.#deps.discovers && news().length === 0) await this.#addresses.untilSeen(peer.peerId, this.#deps.clock, signal)
    return news()
  }
}

const stopping = (): AppError => new AppError('stopping', 'The network is not running.')
