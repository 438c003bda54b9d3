import type { GroupId, PeerId } from '../../../shared/domain/ids.ts'
import { shortId } from '../../kernel/logger.ts'
import type { NetworkHandlers } from '../../ports/network.ts'
import type {
  HandOver,
  HistoryAnswer,
  HistoryRequest,
  LeaveAnswer,
  LeaveRequest,
  ObjectAck,
  PeerHint,
  ReturnAnswer,
  ReturnRequest,
  SharedGroup,
  WelcomeAnswer,
  WelcomeRequest,
} from '../../ports/wire.ts'
import type { ByteDuplex } from '../channel/byte-duplex.ts'
import { serveChannel } from '../channel/serve-channel.ts'
import { frontierRpc } from '../protocols/frontier/frontier-rpc.ts'
import { handOverRpc } from '../protocols/hand-over/hand-over-rpc.ts'
import { helloRpc } from '../protocols/hello/hello-rpc.ts'
import { HISTORY_LATER_MS } from '../protocols/history/constants.ts'
import type { HistoryRate } from '../protocols/history/history-rate.ts'
import { historyRpc } from '../protocols/history/history-rpc.ts'
import { hintsRpc } from '../protocols/hints/hints-rpc.ts'
import { JOIN_LATER_MS } from '../protocols/join/constants.ts'
import type { JoinRate } from '../protocols/join/join-rate.ts'
import { joinRpc } from '../protocols/join/join-rpc.ts'
import { LEAVE_LATER_MS } from '../protocols/leave/constants.ts'
import { leaveRpc } from '../protocols/leave/leave-rpc.ts'
import { objectsRpc } from '../protocols/objects/objects-rpc.ts'
import { RETURN_LATER_MS } from '../protocols/return/constants.ts'
import type { PeerRate } from '../protocols/peer-rate.ts'
import { returnRpc } from '../protocols/return/return-rpc.ts'
import { WELCOME_LATER_MS } from '../protocols/welcome/constants.ts'
import { welcomeRpc } from '../protocols/welcome/welcome-rpc.ts'
import { answering, Refused, type Rpc } from '../protocols/rpc.ts'
import type { ExchangeDeps } from './hello-exchange.ts'
import type { Session } from './session.ts'
import type { Link, ProtocolIds } from './transport.ts'

export const PROTOCOLS: ProtocolIds = [
  ...[helloRpc.id, joinRpc.id, objectsRpc.id, frontierRpc.id, hintsRpc.id],
  ...[returnRpc.id, leaveRpc.id, historyRpc.id, handOverRpc.id, welcomeRpc.id],
]

export interface ServeDeps extends ExchangeDeps {
  handlers: NetworkHandlers
  joinRate: JoinRate
  returnRate: PeerRate
  leaveRate: PeerRate
  historyRate: HistoryRate
  handOverRate: PeerRate
  hintsRate: PeerRate
  welcomeRate: PeerRate
  /** The session with the link's peer, made if there is none. */
  sessionFor(link: Link): Session
  sessionOn(link: Link): Session | null
  /** Milliseconds since 1970; null where the peer may come. */
  keptAwayUntil(peerId: PeerId): number | null
}

/** Hands a stream that a peer opened to whoever answers on it. Strangers get no further than hello and join. */
export function serveStream(deps: ServeDeps, protocol: string, link: Link, duplex: ByteDuplex): void {
  const { handlers } = deps
  // One that was under way when its connection was cut.
  if (deps.keptAwayUntil(link.peerId) !== null) return duplex.reset('kept away')
  switch (protocol) {
    case helloRpc.id:
      return deps.sessionFor(link).helloIn(link, duplex)
    case joinRpc.id:
      return serveJoin(deps, link, duplex)
    case objectsRpc.id:
      return serveMember(deps, objectsRpc, link, duplex, (from, push) => handlers.onPush(from, push))
    case frontierRpc.id:
      return serveMember(deps, frontierRpc, link, duplex, (from, theirs) => handlers.onFrontier(from, link.peerId, theirs))
    case hintsRpc.id:
      return serveMember(deps, hintsRpc, link, duplex, async (from, theirs) => ({
        groupId: theirs.groupId,
        hints: await answerHints(deps, link, from, theirs.hints),
      }))
    case returnRpc.id:
      return serveMember(deps, returnRpc, link, duplex, (from, request) => answerReturn(deps, link, from, request))
    case leaveRpc.id:
      return serveMember(deps, leaveRpc, link, duplex, (from, request) => answerLeave(deps, link, from, request))
    case historyRpc.id:
      return serveMember(deps, historyRpc, link, duplex, (from, request) => answerHistory(deps, link, from, request))
    case handOverRpc.id:
      return serveMember(deps, handOverRpc, link, duplex, (from, given) => answerHandOver(deps, link, from, given))
    case welcomeRpc.id:
      return serveMember(deps, welcomeRpc, link, duplex, (from, request) => answerWelcome(deps, link, from, request))
    default:
      return duplex.reset('unknown protocol')
  }
}

function serveJoin(deps: ServeDeps, link: Link, duplex: ByteDuplex): void {
  const respond = answering(joinRpc, deps.logger, async (request) => {
    const missed = deps.joinRate.admit(link.peerId)
    if (missed === null) {
      deps.logger.warn('join-rate-limited', { peer: shortId(link.peerId) })
      return { kind: 'later', afterMs: JOIN_LATER_MS }
    }
    return deps.handlers.onJoin(link.peerId, request, missed)
  })
  const reader = { clock: deps.clock, budget: deps.budgets.stranger(link.peerId), offended: deps.offendedBy(link.peerId) }
  void serveChannel(reader, duplex, { maxRequestBytes: joinRpc.limits.requestBytes, answer: respond })
}

async function answerReturn(deps: ServeDeps, link: Link, from: SharedGroup, request: ReturnRequest): Promise<ReturnAnswer> {
  if (deps.returnRate.admit(link.peerId)) return deps.handlers.onReturn(from, link.peerId, request)
  deps.logger.warn('return-rate-limited', { peer: shortId(link.peerId) })
  return { kind: 'later', afterMs: RETURN_LATER_MS }
}

async function answerLeave(deps: ServeDeps, link: Link, from: SharedGroup, request: LeaveRequest): Promise<LeaveAnswer> {
  if (deps.leaveRate.admit(link.peerId)) return deps.handlers.onLeave(from, request)
  deps.logger.warn('leave-rate-limited', { peer: shortId(link.peerId) })
  return { kind: 'later', afterMs: LEAVE_LATER_MS }
}

async function answerHistory(deps: ServeDeps, link: Link, from: SharedGroup, request: HistoryRequest): Promise<HistoryAnswer> {
  if (deps.historyRate.admit(link.peerId)) return deps.handlers.onHistory(from, request)
  deps.logger.warn('history-rate-limited', { peer: shortId(link.peerId) })
  return { kind: 'later', afterMs: HISTORY_LATER_MS }
}

async function answerHints(deps: ServeDeps, link: Link, from: SharedGroup, hints: PeerHint[]): Promise<PeerHint[]> {
  if (deps.hintsRate.admit(`${link.peerId} ${from.groupId}`)) return deps.handlers.onHints(from, hints)
  deps.logger.warn('hints-rate-limited', { peer: shortId(link.peerId) })
  // Where it is itself is one signature to look at, and may have changed since.
  await deps.handlers.onHints(from, hints.filter(({ memberId }) => memberId === from.memberId).slice(0, 1))
  return []
}

async function answerHandOver(deps: ServeDeps, link: Link, from: SharedGroup, given: HandOver): Promise<ObjectAck[]> {
  if (deps.handOverRate.admit(link.peerId)) return deps.handlers.onHandOver(from, given)
  deps.logger.warn('hand-over-rate-limited', { peer: shortId(link.peerId) })
  return given.contents.map(() => 'later')
}

async function answerWelcome(deps: ServeDeps, link: Link, from: SharedGroup, request: WelcomeRequest): Promise<WelcomeAnswer> {
  if (deps.welcomeRate.admit(link.peerId)) return deps.handlers.onWelcome(from, request)
  deps.logger.warn('welcome-rate-limited', { peer: shortId(link.peerId) })
  return { kind: 'later', afterMs: WELCOME_LATER_MS }
}

function serveMember<Q extends { groupId: GroupId }, R>(
  deps: ServeDeps,
  rpc: Rpc<Q, R>,
  link: Link,
  duplex: ByteDuplex,
  handle: (from: SharedGroup, request: Q) => Promise<R>,
): void {
  const session = deps.sessionOn(link)
  if (session === null || session.provedNothing) return duplex.reset('stranger')
  const answer = answering(rpc, deps.logger, async (request) => {
    const from = await session.memberOn(link, request.groupId)
    if (from === null) throw new Refused('not-shared')
    session.input({ kind: 'used' })
    return handle(from, request)
  })
  const reader = { clock: deps.clock, budget: deps.budgets.member(link.peerId), offended: deps.offendedBy(link.peerId) }
  void serveChannel(reader, duplex, { maxRequestBytes: rpc.limits.requestBytes, answer })
}
