import { createHash } from 'node:crypto'
import type { GroupId, PeerId } from '../../../shared/domain/ids.ts'
import { Emitter } from '../../kernel/emitter.ts'
import { AppError } from '../../kernel/errors.ts'
import { systemRandom } from '../../kernel/random.ts'
import { frontierRpc } from '../../network/protocols/frontier/frontier-rpc.ts'
import { initiateHello } from '../../network/protocols/hello/initiator.ts'
import { createHelloResponder } from '../../network/protocols/hello/responder.ts'
import { isHandful } from '../../network/protocols/hand-over/hand-over.ts'
import { handOverRpc } from '../../network/protocols/hand-over/hand-over-rpc.ts'
import { historyRpc } from '../../network/protocols/history/history-rpc.ts'
import { hintsRpc } from '../../network/protocols/hints/hints-rpc.ts'
import { joinRpc } from '../../network/protocols/join/join-rpc.ts'
import { mailboxRpc } from '../../network/protocols/mailbox/mailbox-rpc.ts'
import { leaveRpc } from '../../network/protocols/leave/leave-rpc.ts'
import { isBatch } from '../../network/protocols/objects/object-push.ts'
import { objectsRpc } from '../../network/protocols/objects/objects-rpc.ts'
import { welcomeRpc } from '../../network/protocols/welcome/welcome-rpc.ts'
import { returnRpc } from '../../network/protocols/return/return-rpc.ts'
import type { Rpc } from '../../network/protocols/rpc.ts'
import type { Network, NetworkEvents, NetworkHandlers, SessionStatus } from '../../ports/network.ts'
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
import { fakeRecord, openFakeRecord } from './fake-record.ts'
import { unreached } from './unreached.ts'

/**
 * Connects `Network`s inside one process, without sockets, timers or chance: whoever is wanted, started and not cut off
 * is connected by the time pending promises have run. What is said passes through the real wire formats.
 */
export class MemoryHub {
  readonly #networks = new Map<PeerId, MemoryNetwork>()
  readonly #cuts = new Set<string>()
  readonly #mailboxes = new Map<PeerId, AnswerMailbox>()
  /** The relays that a peer has a place on, and says so. */
  relaysOf: (peerId: PeerId) => readonly PeerAddress[] = () => []
  #made = 0
  #seq = 0

  /** Each record is newer than any before, also after a restart. */
  nextSeq(): number {
    this.#seq += 1
    return this.#seq
  }

  /** A network that is not started. Give the peer id of an earlier one to play its restart. */
  network(handlers: NetworkHandlers, peerId: PeerId = this.newPeerId()): MemoryNetwork {
    const network = new MemoryNetwork(this, handlers, peerId)
    this.#networks.set(peerId, network)
    return network
  }

  newPeerId(): PeerId {
    this.#made += 1
    // 44 characters of the base58 alphabet: hexadecimal digits are in it but for the zero.
    const digits = createHash('sha256').update(`memory ${this.#made}`).digest('hex').replaceAll('0', 'x').slice(0, 44)
    return `12D3KooW${digits}` as PeerId
  }

  /** Ends the session between the two; they find each other again at once if either wants to. */
  disconnect(a: PeerId, b: PeerId): void {
    this.#networks.get(a)?.lose(b)
    this.#networks.get(b)?.lose(a)
    this.retryAll()
  }

  /** Ends the session and lets none come about until `heal`. */
  partition(a: PeerId, b: PeerId): void {
    this.#cuts.add(cutKey(a, b))
    this.disconnect(a, b)
  }

  heal(a: PeerId, b: PeerId): void {
    this.#cuts.delete(cutKey(a, b))
    this.retryAll()
  }

  /** Everybody tries again to reach whom it wants. */
  retryAll(): void {
    for (const network of this.#networks.values()) network.retryNow()
  }

  /** Everybody loses the session with that peer. */
  gone(peerId: PeerId): void {
    for (const network of this.#networks.values()) network.lose(peerId)
  }

  /** Whoever asks the mailbox of that peer id gets this answer; null: nobody is there. */
  setMailbox(peerId: PeerId, answer: AnswerMailbox | null): void {
    if (answer === null) this.#mailboxes.delete(peerId)
    else this.#mailboxes.set(peerId, answer)
  }

  mailbox(from: PeerId, to: PeerId): AnswerMailbox | null {
    return this.#cuts.has(cutKey(from, to)) ? null : (this.#mailboxes.get(to) ?? null)
  }

  /** The other network if it can be reached now. */
  reach(from: PeerId, to: PeerId): MemoryNetwork | null {
    const other = this.#networks.get(to)
    return other?.running === true && from !== to && !this.#cuts.has(cutKey(from, to)) ? other : null
  }
}

/** Null: it goes down over that request, whatever it did before. */
export type AnswerMailbox = (from: PeerId, request: MailboxRequest) => MailboxAnswer | null

const cutKey = (a: PeerId, b: PeerId): string => [a, b].sort().join(' ')

type Session =
  { kind: 'proving' } | { kind: 'ready'; direction: 'inbound' | 'outbound'; shared: readonly SharedGroup[]; other: MemoryNetwork }

export class MemoryNetwork implements Network {
  readonly localPeer: PeerId
  readonly reached = unreached.reached
  readonly probeRelay = unreached.probeRelay
  readonly #hub: MemoryHub
  readonly #handlers: NetworkHandlers
  readonly #events = new Emitter<NetworkEvents>((thrown) => {
    throw thrown
  })
  readonly #sessions = new Map<PeerId, Session>()
  /** What ends the questions under way to a peer. */
  readonly #asking = new Map<PeerId, Set<() => void>>()
  #wanted: ReadonlySet<PeerId> = new Set()
  #signed = { addresses: '', seq: 0 }
  #phase: 'new' | 'started' | 'stopped' = 'new'

  constructor(hub: MemoryHub, handlers: NetworkHandlers, localPeer: PeerId) {
    this.#hub = hub
    this.#handlers = handlers
    this.localPeer = localPeer
  }

  get running(): boolean {
    return this.#phase === 'started'
  }

  async start(): Promise<void> {
    if (this.#phase === 'stopped') throw stopping()
    this.#phase = 'started'
    this.#events.emit('changed', undefined)
    this.#hub.retryAll()
  }

  async stop(): Promise<void> {
    if (this.#phase === 'stopped') return
    this.#phase = 'stopped'
    for (const peerId of [...this.#sessions.keys(), ...this.#asking.keys()]) this.lose(peerId)
    this.#wanted = new Set()
    this.#hub.gone(this.localPeer)
  }

  addresses(): string[] {
    if (!this.running) return []
    const relayed = this.#hub
      .relaysOf(this.localPeer)
      .map(({ peerId, addresses: [at = ''] }) => `${at}/p2p/${peerId}/p2p-circuit/p2p/${this.localPeer}`)
    return [`/memory/${this.localPeer.slice(-8)}/p2p/${this.localPeer}`, ...relayed]
  }

  async record(): Promise<Uint8Array | null> {
    if (!this.running) return null
    const addresses = this.addresses()
    if (addresses.join() !== this.#signed.addresses) this.#signed = { addresses: addresses.join(), seq: this.#hub.nextSeq() }
    return fakeRecord(this.localPeer, addresses, this.#signed.seq)
  }

  async openRecord(record: Uint8Array): Promise<PeerRecord | null> {
    return openFakeRecord(record)
  }

  async setReach(): Promise<void> {
    // everybody is as far away as the hub says
  }

  setWanted(peers: readonly PeerAddress[]): void {
    if (this.#phase === 'stopped') return
    this.#wanted = new Set(peers.map((peer) => peer.peerId).filter((peerId) => peerId !== this.localPeer))
    this.#events.emit('changed', undefined)
    this.retryNow()
  }

  retryNow(): void {
    if (!this.running) return
    for (const peerId of this.#wanted) if (!this.#sessions.has(peerId)) void this.#connect(peerId)
  }

  async join(
    peer: PeerAddress,
    request: JoinRequest,
    options: { signal: AbortSignal; onStep: (step: 'connecting' | 'asking') => void },
  ): Promise<JoinAnswer> {
    this.#assertRunning()
    options.onStep('connecting')
    await Promise.resolve()
    if (options.signal.aborted) throw cancelled()
    const other = this.#hub.reach(this.localPeer, peer.peerId)
    if (other === null) throw unreachable()
    options.onStep('asking')
    return this.#ask(joinRpc, other, request, options.signal, (asked) => other.#handlers.onJoin(this.localPeer, asked))
  }

  async mailbox(peer: PeerAddress, request: MailboxRequest, signal: AbortSignal): Promise<MailboxAnswer> {
    this.#assertRunning()
    await Promise.resolve()
    if (signal.aborted) throw cancelled()
    const asked = mailboxRpc.decodeRequest(mailboxRpc.encodeRequest(request))
    if (this.#hub.reach(this.localPeer, peer.peerId) !== null) throw new AppError('not-found', 'This peer keeps no mailbox.')
    const given = asked && this.#hub.mailbox(this.localPeer, peer.peerId)?.(this.localPeer, asked)
    const answer = given && mailboxRpc.decodeResponse(mailboxRpc.encodeResponse(given), request)
    if (!answer || !this.running) throw new AppError('unreachable', 'The mailbox could not be reached.')
    return answer
  }

  async push(peer: PeerId, push: ObjectPush, signal: AbortSignal): Promise<ObjectAck[]> {
    if (!isBatch(push.objects)) throw new AppError('too-large', 'These are too many objects to send at once.')
    return this.#askMember(objectsRpc, peer, push, signal, (other, from, asked) => other.#handlers.onPush(from, asked))
  }

  async frontier(peer: PeerId, ours: Frontier, signal: AbortSignal): Promise<Frontier> {
    return this.#askMember(frontierRpc, peer, ours, signal, (other, from, asked) => other.#handlers.onFrontier(from, this.localPeer, asked))
  }

  async askReturn(peer: PeerId, request: ReturnRequest, signal: AbortSignal): Promise<ReturnAnswer> {
    return this.#askMember(returnRpc, peer, request, signal, (other, from, asked) => other.#handlers.onReturn(from, this.localPeer, asked))
  }

  async askLeave(peer: PeerId, request: LeaveRequest, signal: AbortSignal): Promise<LeaveAnswer> {
    return this.#askMember(leaveRpc, peer, request, signal, (other, from, asked) => other.#handlers.onLeave(from, asked))
  }

  async askHistory(peer: PeerId, request: HistoryRequest, signal: AbortSignal): Promise<HistoryAnswer> {
    return this.#askMember(historyRpc, peer, request, signal, (other, from, asked) => other.#handlers.onHistory(from, asked))
  }

  async handOver(peer: PeerId, given: HandOver, signal: AbortSignal): Promise<ObjectAck[]> {
    if (!isHandful(given.contents)) throw new AppError('too-large', 'These are too many messages to give at once.')
    return this.#askMember(handOverRpc, peer, given, signal, (other, from, asked) => other.#handlers.onHandOver(from, asked))
  }

  async askWelcome(peer: PeerId, request: WelcomeRequest, signal: AbortSignal): Promise<WelcomeAnswer> {
    return this.#askMember(welcomeRpc, peer, request, signal, (other, from, asked) => other.#handlers.onWelcome(from, asked))
  }

  async hints(peer: PeerId, groupId: GroupId, ours: PeerHint[], signal: AbortSignal): Promise<PeerHint[]> {
    const answer = await this.#askMember(hintsRpc, peer, { groupId, hints: ours }, signal, async (other, from, asked) => ({
      groupId,
      hints: await other.#handlers.onHints(from, asked.hints),
    }))
    return answer.hints
  }

  async reprove(peer: PeerId, signal: AbortSignal): Promise<readonly SharedGroup[]> {
    const session = this.#ready(peer)
    if (signal.aborted) throw cancelled()
    return this.#prove(session.other, session.direction)
  }

  sessions(): readonly SessionStatus[] {
    const peers = new Set([...this.#wanted, ...this.#sessions.keys()])
    return [...peers].map((peerId): SessionStatus => {
      const session = this.#sessions.get(peerId)
      const base = { peerId, direction: null, path: null, shared: [], lastError: null, retryAt: null }
      if (session === undefined) return { ...base, state: 'backing-off', lastError: 'unreachable' }
      return session.kind === 'ready'
        ? { ...base, state: 'ready', path: 'direct', direction: session.direction, shared: session.shared }
        : { ...base, state: 'proving', direction: 'outbound' }
    })
  }

  on<N extends keyof NetworkEvents>(name: N, listener: (data: NetworkEvents[N]) => void): () => void {
    return this.#events.on(name, listener)
  }

  /** As if the machine woke somewhere else. */
  move(): void {
    this.#events.emit('moved', undefined)
  }

  /** The session with that peer is over: for the hub and the other side. */
  lose(peerId: PeerId): void {
    const session = this.#sessions.get(peerId)
    this.#sessions.delete(peerId)
    for (const end of this.#asking.get(peerId) ?? []) end()
    if (session?.kind === 'ready') this.#events.emit('closed', { peerId })
    if (session !== undefined) this.#events.emit('changed', undefined)
  }

  async #connect(peerId: PeerId): Promise<void> {
    const other = this.#hub.reach(this.localPeer, peerId)
    if (other === null || other.#sessions.has(this.localPeer)) return
    const attempt: Session = { kind: 'proving' }
    this.#sessions.set(peerId, attempt)
    other.#sessions.set(this.localPeer, attempt)
    try {
      await this.#prove(other, 'outbound')
    } catch {
      if (this.#sessions.get(peerId) === attempt) this.lose(peerId)
      if (other.#sessions.get(this.localPeer) === attempt) other.lose(this.localPeer)
    }
  }

  async #prove(other: MemoryNetwork, direction: 'inbound' | 'outbound'): Promise<readonly SharedGroup[]> {
    let theirs: readonly SharedGroup[] = []
    const respond = createHelloResponder(other.#helloDeps(), {
      remotePeer: this.localPeer,
      onOpened: () => undefined,
      onProven: (shared) => (theirs = shared),
    })
    const send: Parameters<typeof initiateHello>[1]['send'] = async (request) => {
      await Promise.resolve()
      return respond(request)
    }
    const ours = await initiateHello(this.#helloDeps(), { remotePeer: other.localPeer, send, onOpened: () => undefined })
    if (this.#hub.reach(this.localPeer, other.localPeer) !== other || !this.running) throw unreachable()
    other.#setReady(this, theirs, direction === 'outbound' ? 'inbound' : 'outbound')
    this.#setReady(other, ours, direction)
    return ours
  }

  #setReady(other: MemoryNetwork, shared: readonly SharedGroup[], direction: 'inbound' | 'outbound'): void {
    this.#sessions.set(other.localPeer, { kind: 'ready', direction, shared, other })
    this.#events.emit('ready', { peerId: other.localPeer, shared })
    this.#events.emit('changed', undefined)
  }

  #helloDeps() {
    return { membership: this.#handlers.membership, random: systemRandom, localPeer: this.localPeer }
  }

  #assertRunning(): void {
    if (!this.running) throw stopping()
  }

  #ready(peerId: PeerId): Extract<Session, { kind: 'ready' }> {
    this.#assertRunning()
    const session = this.#sessions.get(peerId)
    if (session?.kind !== 'ready') throw unreachable()
    return session
  }

  async #askMember<Q extends { groupId: GroupId }, R>(
    rpc: Rpc<Q, R>,
    peerId: PeerId,
    request: Q,
    signal: AbortSignal,
    handle: (other: MemoryNetwork, from: SharedGroup, request: Q) => Promise<R>,
  ): Promise<R> {
    const session = this.#ready(peerId)
    if (!session.shared.some((each) => each.groupId === request.groupId)) throw unreachable()
    const answer = await this.#ask(rpc, session.other, request, signal, async (asked) => {
      const theirs = session.other.#sessions.get(this.localPeer)
      const from = theirs?.kind === 'ready' ? theirs.shared.find((each) => each.groupId === asked.groupId) : undefined
      if (from === undefined) throw unreachable()
      return handle(session.other, from, asked)
    })
    if (this.#sessions.get(peerId)?.kind !== 'ready') throw unreachable()
    return answer
  }

  async #ask<Q, R>(rpc: Rpc<Q, R>, other: MemoryNetwork, request: Q, signal: AbortSignal, handle: (request: Q) => Promise<R>): Promise<R> {
    if (signal.aborted) throw cancelled()
    const body = rpc.encodeRequest(request)
    if (body.length > rpc.limits.requestBytes) throw new AppError('too-large', 'This is too large to send.')
    const arrived = rpc.decodeRequest(body)
    if (arrived === null) throw unreachable()
    const answered = (async () => {
      await Promise.resolve()
      return rpc.decodeResponse(rpc.encodeResponse(await handle(arrived)), arrived)
    })()
    const answer = await this.#unlessLost(
      other.localPeer,
      answered.catch(() => null),
      signal,
    )
    if (answer === null || this.#hub.reach(this.localPeer, other.localPeer) !== other || !this.running) throw unreachable()
    return answer
  }

  async #unlessLost<T>(peerId: PeerId, work: Promise<T>, signal: AbortSignal): Promise<T> {
    const asking = this.#asking.get(peerId) ?? new Set()
    this.#asking.set(peerId, asking)
    const lost = Promise.withResolvers<never>()
    const onLost = (): void => lost.reject(unreachable())
    const onAbort = (): void => lost.reject(cancelled())
    asking.add(onLost)
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      return await Promise.race([work, lost.promise])
    } finally {
      asking.delete(onLost)
      signal.removeEventListener('abort', onAbort)
    }
  }
}

const unreachable = (): AppError => new AppError('unreachable', 'There is no connection to this member now.')
const cancelled = (): AppError => new AppError('cancelled', 'This was cancelled.')
const stopping = (): AppError => new AppError('stopping', 'The network is not running.')
