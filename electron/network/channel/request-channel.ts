import { AppError } from '../../kernel/errors.ts'
import type { ByteDuplex } from './byte-duplex.ts'
import { MAX_IN_FLIGHT } from './constants.ts'
import { readMessages, type ReaderDeps } from './frame-reader.ts'
import { FrameWriter } from './frame-writer.ts'
import type { Message, RefusalCode } from './message.ts'
import type { Offence } from './offence.ts'

export type Answer = { kind: 'response'; body: Uint8Array } | { kind: 'refusal'; code: RefusalCode }

export interface CallOptions {
  signal: AbortSignal
  /** How long the other side has, once the request is on its way. */
  timeoutMs: number
}

interface Pending {
  body: Uint8Array
  timeoutMs: number
  settle: (outcome: Answer | AppError) => void
  cancelTimer: () => void
}

/**
 * The asking end of a stream: many requests over one stream, at most `MAX_IN_FLIGHT` unanswered, the rest wait in order.
 * A request that is not answered in time condemns the stream, for nothing behind it can be trusted to arrive either.
 */
export class RequestChannel {
  readonly #duplex: ByteDuplex
  readonly #deps: ReaderDeps
  readonly #writer: FrameWriter
  readonly #waiting: Pending[] = []
  readonly #sent = new Map<number, Pending>()
  #nextId = 0
  #closed = false
  #failure = new AppError('unreachable', 'The connection to the other side was lost.')

  constructor(deps: ReaderDeps, duplex: ByteDuplex, maxResponseBytes: number) {
    this.#duplex = duplex
    this.#deps = deps
    this.#writer = new FrameWriter(duplex, deps.clock)
    readMessages(deps, duplex, maxResponseBytes, (message) => this.#onMessage(message))
    duplex.onClose(() => this.#onClose())
  }

  get open(): boolean {
    return !this.#closed
  }

  /** Fails with `AppError('unreachable' | 'timed-out' | 'cancelled')`. */
  call(body: Uint8Array, options: CallOptions): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { signal } = options
      // Gives up its place in the queue; one that is sent keeps its place among the unanswered until the answer comes.
      const onAbort = (): void => {
        this.#withdraw(pending)
        pending.settle(new AppError('cancelled', 'This was cancelled.'))
      }
      const pending: Pending = {
        body,
        timeoutMs: options.timeoutMs,
        cancelTimer: () => undefined,
        settle: (outcome) => {
          signal.removeEventListener('abort', onAbort)
          if (outcome instanceof AppError) reject(outcome)
          else resolve(outcome)
        },
      }
      if (signal.aborted) return onAbort()
      if (this.#closed) return pending.settle(this.#failure)
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiting.push(pending)
      this.#sendWaiting()
    })
  }

  close(): void {
    this.#duplex.close()
    this.#onClose()
  }

  reset(reason: string): void {
    this.#duplex.reset(reason)
    this.#onClose()
  }

  /** Ends the stream for what no honest peer would have answered. */
  refuse(reason: string, offence: Offence): void {
    this.reset(reason)
    this.#deps.offended(offence)
  }

  #withdraw(pending: Pending): void {
    const at = this.#waiting.indexOf(pending)
    if (at >= 0) this.#waiting.splice(at, 1)
  }

  #sendWaiting(): void {
    while (this.#sent.size < MAX_IN_FLIGHT) {
      const pending = this.#waiting.shift()
      if (pending === undefined) return
      const id = this.#nextId
      this.#nextId = (this.#nextId + 1) >>> 0
      this.#sent.set(id, pending)
      pending.cancelTimer = this.#deps.clock.after(pending.timeoutMs, () => this.#onTimeout())
      this.#writer.write({ kind: 'request', id, body: pending.body })
    }
  }

  #onTimeout(): void {
    this.#failure = new AppError('timed-out', 'The other side did not answer in time.')
    this.reset('no answer')
  }

  #onMessage(message: Message): void {
    const pending = this.#sent.get(message.id)
    if (message.kind === 'request' || pending === undefined) return this.refuse('unasked message', 'order')
    this.#sent.delete(message.id)
    pending.cancelTimer()
    pending.settle(message.kind === 'response' ? { kind: 'response', body: message.body } : { kind: 'refusal', code: message.code })
    this.#sendWaiting()
  }

  #onClose(): void {
    if (this.#closed) return
    this.#closed = true
    const pending = [...this.#sent.values(), ...this.#waiting]
    this.#sent.clear()
    this.#waiting.length = 0
    for (const each of pending) {
      each.cancelTimer()
      each.settle(this.#failure)
    }
  }
}
