import { fakeRecord, openFakeRecord } from '../../fakes/fake-record.ts'
import type { GroupId, PeerId } from '../../../../shared/domain/ids.ts'
import { Emitter } from '../../../kernel/emitter.ts'
import { AppError } from '../../../kernel/errors.ts'
import type { Random } from '../../../kernel/random.ts'
import { frontierRpc } from '../../../network/protocols/frontier/frontier-rpc.ts'
import { handOverRpc } from '../../../network/protocols/hand-over/hand-over-rpc.ts'
import { helloRpc } from '../../../network/protocols/hello/hello-rpc.ts'
import { initiateHello } from '../../../network/protocols/hello/initiator.ts'
import { createHelloResponder } from '../../../network/protocols/hello/responder.ts'
import { historyRpc } from '../../../network/protocols/history/history-rpc.ts'
import { hintsRpc } from '../../../network/protocols/hints/hints-rpc.ts'
import { leaveRpc } from '../../../network/protocols/leave/leave-rpc.ts'
import { joinRpc } from '../../../network/protocols/join/join-rpc.ts'
import { isBatch } from '../../../network/protocols/objects/object-push.ts'
import { mailboxRpc } from '../../../network/protocols/mailbox/mailbox-rpc.ts'
import { objectsRpc } from '../../../network/protocols/objects/objects-rpc.ts'
import { welcomeRpc } from '../../../network/protocols/welcome/welcome-rpc.ts'
import { returnRpc } from '../../../network/protocols/return/return-rpc.ts'
import type { Rpc } from '../../../network/protocols/rpc.ts'
import { backoffMs } from '../../../network/sessions/backoff.ts'
import { unreached } from '../../fakes/unreached.ts'
import type { Network, NetworkEvents, NetworkHandlers, SessionStatus } from '../../../ports/network.ts'
import type { MailboxAnswer, MailboxRequest } from '../../../ports/mailbox.ts'
import type {
  Frontier,
  HandOver,
  HistoryAnswer,
  HistoryRequest,
  JoinAnswer,
  JoinRequest,
  ObjectAck,
  ObjectPush,
  PeerAddress,
  PeerHint,
  PeerRecord,
  LeaveAnswer,
  LeaveRequest,
  ReturnAnswer,
  ReturnRequest,
  SharedGroup,
  WelcomeAnswer,
  WelcomeRequest,
} from '../../../ports/wire.ts'
import { pushed, standing } from './describe.ts'
import type { End, Fabric, Link } from './fabric.ts'
import { serveQuestion } from './serve-question.ts'
import type { Tamper } from './tamper.ts'

type Session =
  | { kind: 'dialing' }
  | { kind: 'proving'; link: Link; direction: 'inbound' | 'outbound' }
  | { kind: 'ready'; link: Link; direction: 'inbound' | 'outbound'; shared: readonly SharedGroup[]; exchange: number }

export interface SimNetworkDeps {
  fabric: Fabric
  handlers: NetworkHandlers
  localPeer: PeerId
  name: string
  random: Random
  /** Whether the process this is part of still runs. */
  alive: () => boolean
  tamper: () => Tamper | null
  /** A listener or a handler of the node failed in a way that is no answer. */
  fault: (thrown: unknown) => void
}

const never = new AbortController().signal

/** One node's side of a simulated network: the port, with sessions that come about, prove membership by the real protocol, and end. */
export class SimNetwork implements Network, End {
  readonly localPeer: PeerId
  readonly reached = unreached.reached
  readonly probeRelay = unreached.probeRelay
  readonly name: string
  readonly #deps: SimNetworkDeps
  readonly #events: Emitter<NetworkEvents>
  readonly #sessions = new Map<PeerId, Session>()
  readonly #failures = new Map<PeerId, number>()
  readonly #redials = new Map<PeerId, () => void>()
  #nextExchange = 0
  readonly #responders = new Map<Link, ReturnType<typeof createHelloResponder>>()
  #wanted: ReadonlySet<PeerId> = new Set()
  #phase: 'new' | 'started' | 'stopped' = 'new'

  constructor(deps: SimNetworkDeps) {
    this.#deps = deps
    this.localPeer = deps.localPeer
    this.name = deps.name
    this.#events = new Emitter<NetworkEvents>(deps.fault)
  }

  get running(): boolean {
    return this.#phase === 'started' && this.#deps.alive()
  }

  async start(): Promise<void> {
    this.#phase = 'started'
    this.#deps.fabric.put(this)
    this.#events.emit('changed', undefined)
    this.retryNow()
  }

  async stop(): Promise<void> {
    if (this.#phase === 'stopped') return
    for (const session of this.#sessions.values()) if (session.kind !== 'dialing') this.#deps.fabric.hangUp(session.link, this)
    this.#phase = 'stopped'
    this.#sessions.clear()
    for (const cancel of this.#redials.values()) cancel()
  }

  addresses(): string[] {
    return this.running ? [`/memory/${this.localPeer.slice(-8)}/p2p/${this.localPeer}`] : []
  }

  async record(): Promise<Uint8Array | null> {
    return this.running ? fakeRecord(this.localPeer, this.addresses()) : null
  }

  async openRecord(record: Uint8Array): Promise<PeerRecord | null> {
    return openFakeRecord(record)
  }

  async setReach(): Promise<void> {
    // everybody is as far away as the fabric says
  }

  setWanted(peers: readonly PeerAddress[]): void {
    if (this.#phase === 'stopped') return
    this.#wanted = new Set(peers.map((peer) => peer.peerId).filter((peerId) => peerId !== this.localPeer))
    this.#events.emit('changed', undefined)
    for (const peerId of this.#wanted) if (!this.#redials.has(peerId)) this.#dial(peerId)
  }

  retryNow(): void {
    for (const peerId of this.#wanted) {
      this.#redials.get(peerId)?.()
      this.#redials.delete(peerId)
      this.#dial(peerId)
    }
  }

  async join(
    peer: PeerAddress,
    request: JoinRequest,
    { signal, onStep }: { signal: AbortSignal; onStep: (step: 'connecting' | 'asking') => void },
  ): Promise<JoinAnswer> {
    this.#assertRunning()
    onStep('connecting')
    const { fabric } = this.#deps
    const link = await fabric.dial(this, peer.peerId, true)
    if (typeof link === 'string') {
      if (link === 'timed-out') throw new AppError('timed-out', 'The inviter did not answer in time.')
      throw new AppError('unreachable', 'The inviter could not be reached.')
    }
    try {
      onStep('asking')
      return await this.#ask(joinRpc, link, request, signal, {
        what: 'asks to join',
        tell: (answer) => (answer.kind === 'refused' ? `refused ${answer.code}` : answer.kind),
      })
    } finally {
      fabric.hangUp(link, this)
    }
  }

  async mailbox(peer: PeerAddress, request: MailboxRequest, signal: AbortSignal): Promise<MailboxAnswer> {
    this.#assertRunning()
    const { fabric } = this.#deps
    const link = await fabric.dial(this, peer.peerId, true)
    if (typeof link === 'string') throw new AppError(link === 'timed-out' ? link : 'unreachable', 'The mailbox could not be reached.')
    try {
      return await this.#ask(mailboxRpc, link, request, signal, { what: request.kind, tell: keeping })
    } finally {
      fabric.hangUp(link, this)
    }
  }

  async push(peer: PeerId, push: ObjectPush, signal: AbortSignal): Promise<ObjectAck[]> {
    if (!isBatch(push.objects)) throw new AppError('too-large', 'These are too many objects to send at once.')
    const tamper = this.#deps.tamper()
    const said = tamper === null ? push : tamper.push(push, peer)
    if (said === null) throw unreachable()
    return this.#askMember(objectsRpc, peer, said, signal, { what: `push ${pushed(said)}`, tell: (acks) => acks.join() })
  }

  async frontier(peer: PeerId, ours: Frontier, signal: AbortSignal): Promise<Frontier> {
    const said = this.#deps.tamper()?.frontier(ours, peer) ?? ours
    return this.#askMember(frontierRpc, peer, said, signal, { what: `frontier ${standing(said)}`, tell: standing })
  }

  async askReturn(peer: PeerId, request: ReturnRequest, signal: AbortSignal): Promise<ReturnAnswer> {
    return this.#askMember(returnRpc, peer, request, signal, { what: 'asks to return', tell: (answer) => answer.kind })
  }

  async askLeave(peer: PeerId, request: LeaveRequest, signal: AbortSignal): Promise<LeaveAnswer> {
    return this.#askMember(leaveRpc, peer, request, signal, { what: 'asks to leave', tell: (answer) => answer.kind })
  }

  async askHistory(peer: PeerId, request: HistoryRequest, signal: AbortSignal): Promise<HistoryAnswer> {
    return this.#askMember(historyRpc, peer, request, signal, { what: 'asks for history', tell: (answer) => answer.kind })
  }

  async handOver(peer: PeerId, given: HandOver, signal: AbortSignal): Promise<ObjectAck[]> {
    const what = `hands over ${given.contents.length}`
    return this.#askMember(handOverRpc, peer, given, signal, { what, tell: (acks) => acks.join() })
  }

  async askWelcome(peer: PeerId, request: WelcomeRequest, signal: AbortSignal): Promise<WelcomeAnswer> {
    return this.#askMember(welcomeRpc, peer, request, signal, { what: request.kind, tell: (answer) => answer.kind })
  }

  async hints(peer: PeerId, groupId: GroupId, ours: PeerHint[], signal: AbortSignal): Promise<PeerHint[]> {
    const answer = await this.#askMember(hintsRpc, peer, { groupId, hints: ours }, signal, { what: 'hints' })
    return answer.hints
  }

  async reprove(peer: PeerId, signal: AbortSignal): Promise<readonly SharedGroup[]> {
    const { link, direction } = this.#ready(peer)
    return this.#prove(link, direction, signal)
  }

  sessions(): readonly SessionStatus[] {
    const peers = new Set([...this.#wanted, ...this.#sessions.keys()])
    return [...peers].map((peerId): SessionStatus => {
      const session = this.#sessions.get(peerId)
      const base = { peerId, direction: null, path: null, shared: [], lastError: null, retryAt: null }
      if (session === undefined) return { ...base, state: 'backing-off', lastError: 'unreachable' }
      if (session.kind === 'dialing') return { ...base, state: 'dialing', direction: 'outbound' }
      const { direction } = session
      return session.kind === 'ready'
        ? { ...base, state: 'ready', path: 'direct', direction, shared: session.shared }
        : { ...base, state: 'proving', direction }
    })
  }

  /** Whether there is a connection with this peer, proven, that is still there: one that is gone seems good until its end notices. */
  isConnected(peerId: PeerId): boolean {
    const session = this.#sessions.get(peerId)
    return session?.kind === 'ready' && session.link.open
  }

  on<N extends keyof NetworkEvents>(name: N, listener: (data: NetworkEvents[N]) => void): () => void {
    return this.#events.on(name, listener)
  }

  accept(from: End, plain: boolean): Link | null {
    const { fabric } = this.#deps
    if (plain) return fabric.link(from, this)
    const known = this.#sessions.get(from.localPeer)
    // Dials that cross: the one of the smaller peer id stands (`network/sessions`).
    if (known?.kind === 'dialing' && this.localPeer < from.localPeer) return null
    // Who dials again has lost the connection that still seems good here.
    if (known !== undefined && known.kind !== 'dialing') this.#drop(known.link)
    const link = fabric.link(from, this)
    this.#sessions.set(from.localPeer, { kind: 'proving', link, direction: 'inbound' })
    return link
  }

  gone(link: Link): void {
    const peerId = this.#otherOf(link).localPeer
    this.#responders.delete(link)
    const session = this.#sessions.get(peerId)
    if (session === undefined || session.kind === 'dialing' || session.link !== link) return
    this.#sessions.delete(peerId)
    if (session.kind === 'ready') this.#events.emit('closed', { peerId })
    this.#events.emit('changed', undefined)
    this.#redial(peerId)
  }

  serve(link: Link, protocol: string, body: Uint8Array): Promise<Uint8Array | null> {
    const { handlers, tamper, fault, fabric } = this.#deps
    const from = this.#otherOf(link).localPeer
    return serveQuestion(
      {
        ...{ handlers, from, tamper: tamper(), fault },
        leaves: (objects) => fabric.watchers.leaves(this, objects),
        introduce: (begins) => {
          if (begins) this.#responders.set(link, this.#responder(link))
          return this.#responders.get(link) ?? null
        },
        sharer: (groupId) => {
          const session = this.#sessions.get(from)
          return (session?.kind === 'ready' && session.shared.find((each) => each.groupId === groupId)) || null
        },
      },
      protocol,
      body,
    )
  }

  /** For hostile members: says to a connected peer whatever bytes. */
  raw(peer: PeerId, protocol: string, body: Uint8Array, what: string): void {
    const session = this.#sessions.get(peer)
    if (session?.kind !== 'ready') return
    const question = { protocol, body, what, deadlineMs: objectsRpc.limits.responseMs, signal: never }
    void this.#deps.fabric.ask(session.link, this, question).catch(() => undefined)
  }

  #dial(peerId: PeerId): void {
    if (!this.running || this.#sessions.has(peerId)) return
    const attempt: Session = { kind: 'dialing' }
    this.#sessions.set(peerId, attempt)
    void this.#deps.fabric.dial(this, peerId, false).then((link) => {
      if (!this.running) return
      const stands = this.#sessions.get(peerId) === attempt
      if (typeof link !== 'string') {
        if (!stands) return this.#deps.fabric.hangUp(link, this)
        this.#sessions.set(peerId, { kind: 'proving', link, direction: 'outbound' })
        void this.#introduce(link)
      } else if (stands) {
        this.#sessions.delete(peerId)
        this.#redial(peerId)
      }
    })
  }

  #redial(peerId: PeerId): void {
    if (!this.running || !this.#wanted.has(peerId) || this.#redials.has(peerId)) return
    const failures = this.#failures.get(peerId) ?? 0
    this.#failures.set(peerId, failures + 1)
    const cancel = this.#deps.fabric.after(backoffMs(failures, this.#deps.random.fraction()), () => {
      this.#redials.delete(peerId)
      this.#dial(peerId)
    })
    this.#redials.set(peerId, cancel)
  }

  async #introduce(link: Link): Promise<void> {
    try {
      await this.#prove(link, 'outbound', never)
    } catch (thrown) {
      if (!this.running) return
      if (!(thrown instanceof AppError)) this.#deps.fault(thrown)
      this.#drop(link)
    }
  }

  async #prove(link: Link, direction: 'inbound' | 'outbound', signal: AbortSignal): Promise<readonly SharedGroup[]> {
    const exchange = this.#nextExchange++
    const remotePeer = this.#otherOf(link).localPeer
    const shared = await initiateHello(this.#helloDeps(), {
      remotePeer,
      send: (request) => this.#ask(helloRpc, link, request, signal, { what: `hello ${request.kind}` }),
      onOpened: () => undefined,
    })
    if (!link.open || !this.running) throw unreachable()
    this.#setReady(link, direction, shared, exchange)
    return shared
  }

  #responder(link: Link): ReturnType<typeof createHelloResponder> {
    const exchange = this.#nextExchange++
    return createHelloResponder(this.#helloDeps(), {
      remotePeer: this.#otherOf(link).localPeer,
      onOpened: () => undefined,
      onProven: (shared) => {
        const session = this.#sessions.get(this.#otherOf(link).localPeer)
        const direction = session === undefined || session.kind === 'dialing' ? 'inbound' : session.direction
        this.#setReady(link, direction, shared, exchange)
      },
    })
  }

  /** What an exchange came to that began before the one that stands changes nothing, as in `network/sessions/session-machine.ts`. */
  #setReady(link: Link, direction: 'inbound' | 'outbound', shared: readonly SharedGroup[], exchange: number): void {
    const peerId = this.#otherOf(link).localPeer
    const session = this.#sessions.get(peerId)
    if (session === undefined || session.kind === 'dialing' || session.link !== link) return
    if (session.kind === 'ready' && exchange < session.exchange) return
    this.#sessions.set(peerId, { kind: 'ready', link, direction, shared, exchange })
    this.#failures.delete(peerId)
    this.#events.emit('ready', { peerId, shared })
    this.#events.emit('changed', undefined)
  }

  #drop(link: Link): void {
    this.#deps.fabric.hangUp(link, this)
    this.gone(link)
  }

  #helloDeps() {
    return { membership: this.#deps.handlers.membership, random: this.#deps.random, localPeer: this.localPeer }
  }

  #otherOf(link: Link): End {
    return link.ends[0] === this ? link.ends[1] : link.ends[0]
  }

  #assertRunning(): void {
    if (!this.running) throw new AppError('stopping', 'The network is not running.')
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
    words: Words<R>,
  ): Promise<R> {
    const session = this.#ready(peerId)
    if (!session.shared.some((each) => each.groupId === request.groupId)) throw unreachable()
    return this.#ask(rpc, session.link, request, signal, words)
  }

  async #ask<Q, R>(rpc: Rpc<Q, R>, link: Link, request: Q, signal: AbortSignal, { what, tell }: Words<R>): Promise<R> {
    const body = rpc.encodeRequest(request)
    if (body.length > rpc.limits.requestBytes) throw new AppError('too-large', 'This is too large to send.')
    if (rpc.id === objectsRpc.id) this.#deps.fabric.watchers.leaves(this, objectsOf(body))
    const read = (answer: Uint8Array): R | null => rpc.decodeResponse(answer, request)
    const answer = await this.#deps.fabric.ask(link, this, {
      ...{ protocol: rpc.id, body, what, signal, deadlineMs: rpc.limits.responseMs },
      ...(tell && {
        tell: (bytes) => {
          const value = read(bytes)
          return value === null ? 'makes no sense' : tell(value)
        },
      }),
    })
    const response = read(answer)
    if (response === null) throw unreachable()
    return response
  }
}

interface Words<R> {
  what: string
  tell?: (answer: R) => string
}

const keeping = (answer: MailboxAnswer): string => (answer.kind === 'page' ? `page of ${answer.objects.length}` : answer.kind)

const objectsOf = (body: Uint8Array): ObjectPush['objects'] => objectsRpc.decodeRequest(body)?.objects ?? []

const unreachable = (): AppError => new AppError('unreachable', 'There is no connection to this member now.')
