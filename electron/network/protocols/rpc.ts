import { AppError } from '../../kernel/errors.ts'
import { faultName, type Logger } from '../../kernel/logger.ts'
import type { RefusalCode } from '../channel/message.ts'
import type { RequestChannel } from '../channel/request-channel.ts'
import type { Reply } from '../channel/serve-channel.ts'

/** One wire protocol whose every message is a question with one answer. */
export interface Rpc<Request, Response> {
  /** The libp2p protocol id. */
  id: string
  limits: RpcLimits
  encodeRequest(request: Request): Uint8Array
  decodeRequest(body: Uint8Array): Request | null
  encodeResponse(response: Response): Uint8Array
  /** Null also when it is no answer to that request. */
  decodeResponse(body: Uint8Array, request: Request): Response | null
}

export interface RpcLimits {
  /** Larger ones are refused: with an error where they are made, with a reset of the stream where they arrive. */
  requestBytes: number
  responseBytes: number
  responseMs: number
}

/** No honest peer would have asked; or one of another version, of which no word is known that it understands. */
type Unanswered = 'malformed' | 'other-version'

/** A handler's way to say no: with a word, or by ending the stream. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly code: RefusalCode | Unanswered

  constructor(code: RefusalCode | Unanswered) {
    super(code)
    this.code = code
  }
}

/** Asks once. Fails with `AppError('unreachable' | 'timed-out' | 'cancelled' | 'too-large')`. */
export async function ask<Q, R>(rpc: Rpc<Q, R>, channel: RequestChannel, request: Q, signal: AbortSignal): Promise<R> {
  const body = rpc.encodeRequest(request)
  if (body.length > rpc.limits.requestBytes) throw new AppError('too-large', 'This is too large to send.')
  const answer = await channel.call(body, { signal, timeoutMs: rpc.limits.responseMs })
  if (answer.kind === 'refusal')
    throw new AppError('unreachable', 'The other side does not answer that.', { cause: new Refused(answer.code) })
  const response = rpc.decodeResponse(answer.body, request)
  if (response === null) {
    channel.refuse('malformed answer', 'message')
    throw new AppError('unreachable', 'The other side gave an answer that makes no sense.')
  }
  return response
}

/** The answering side: a malformed request ends the stream before `handle` hears of it. */
export function answering<Q, R>(rpc: Rpc<Q, R>, logger: Logger, handle: (request: Q) => Promise<R>): (body: Uint8Array) => Promise<Reply> {
  return async (body) => {
    const request = rpc.decodeRequest(body)
    if (request === null) return { kind: 'reset', reason: 'malformed request', offence: 'message' }
    try {
      const response = rpc.encodeResponse(await handle(request))
      if (response.length <= rpc.limits.responseBytes) return { kind: 'response', body: response }
      logger.error('answer-too-large', { protocol: rpc.id })
    } catch (thrown) {
      if (thrown instanceof Refused) return refusing(thrown.code)
      logger.warn('handler-failed', { protocol: rpc.id, fault: faultName(thrown) })
    }
    return { kind: 'refusal', code: 'failed' }
  }
}

function refusing(code: Refused['code']): Reply {
  switch (code) {
    case 'malformed':
      return { kind: 'reset', reason: 'out of order', offence: 'order' }
    case 'other-version':
      return { kind: 'reset', reason: 'other version', offence: null }
    default:
      return { kind: 'refusal', code }
  }
}
