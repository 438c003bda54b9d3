import type { PeerId } from '../../../shared/domain/ids.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { SharedGroup } from '../../ports/wire.ts'
import type { ByteDuplex } from '../channel/byte-duplex.ts'
import type { Offended } from '../channel/offence.ts'
import { RequestChannel } from '../channel/request-channel.ts'
import { serveChannel, type ServeOptions } from '../channel/serve-channel.ts'
import { helloRpc } from '../protocols/hello/hello-rpc.ts'
import { BrokenHello, initiateHello, type HelloDeps } from '../protocols/hello/initiator.ts'
import { createHelloResponder, type ResponderOptions } from '../protocols/hello/responder.ts'
import { answering, ask, Refused } from '../protocols/rpc.ts'
import type { Failure } from './session-state.ts'
import type { SessionBudgets } from './session-budgets.ts'
import type { Link } from './transport.ts'

export interface ExchangeDeps extends HelloDeps {
  clock: Clock
  logger: Logger
  budgets: SessionBudgets
  offendedBy(peerId: PeerId): Offended
}

/** Runs the asking side of a hello on a stream of its own. */
export async function askHello(deps: ExchangeDeps, link: Link, signal: AbortSignal, onOpened: () => void): Promise<SharedGroup[]> {
  const { clock, budgets } = deps
  const reader = { clock, budget: budgets.stranger(link.peerId), offended: deps.offendedBy(link.peerId) }
  const channel = new RequestChannel(reader, await link.openStream(helloRpc.id, signal), helloRpc.limits.responseBytes)
  try {
    return await initiateHello(deps, { remotePeer: link.peerId, send: (request) => ask(helloRpc, channel, request, signal), onOpened })
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.cause instanceof BrokenHello) channel.refuse('broken hello', 'order')
    throw thrown
  } finally {
    channel.close()
  }
}

/** Runs the answering side; resolves when the stream is over, however that came. */
export function answerHello(deps: ExchangeDeps, duplex: ByteDuplex, options: ResponderOptions): Promise<void> {
  const respond = createHelloResponder(deps, options)
  const answer = answering(helloRpc, deps.logger, async (request) => respond(request))
  return serveHello(deps, options.remotePeer, duplex, answer)
}

/** Tells the other side that our own hello is on its way and stands. */
export function refuseHello(deps: ExchangeDeps, peerId: PeerId, duplex: ByteDuplex): void {
  const answer = answering(helloRpc, deps.logger, () => Promise.reject(new Refused('crossed')))
  void serveHello(deps, peerId, duplex, answer)
}

function serveHello(deps: ExchangeDeps, peerId: PeerId, duplex: ByteDuplex, answer: ServeOptions['answer']): Promise<void> {
  const reader = { clock: deps.clock, budget: deps.budgets.stranger(peerId), offended: deps.offendedBy(peerId) }
  return serveChannel(reader, duplex, { maxRequestBytes: helloRpc.limits.requestBytes, answer })
}

export function failureOf(thrown: unknown): Failure {
  if (!(thrown instanceof AppError)) return 'lost'
  if (thrown.code === 'timed-out') return 'timed-out'
  if (thrown.cause instanceof Refused) return thrown.cause.code === 'crossed' ? 'crossed' : 'refused'
  return 'lost'
}

export const isSmaller = (local: PeerId, remote: PeerId): boolean => local < remote
