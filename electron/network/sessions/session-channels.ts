import { AppError } from '../../kernel/errors.ts'
import type { ReaderDeps } from '../channel/frame-reader.ts'
import { RequestChannel } from '../channel/request-channel.ts'
import { ask, type Rpc } from '../protocols/rpc.ts'
import { HANDSHAKE_DEADLINE_MS } from './constants.ts'
import type { Link } from './transport.ts'

/** The long-lived streams of one session, one for each protocol we ask on, opened at the first question. */
export class SessionChannels {
  readonly #deps: ReaderDeps
  readonly #channels = new Map<string, Promise<RequestChannel>>()
  #generation = new AbortController()

  constructor(deps: ReaderDeps) {
    this.#deps = deps
  }

  async ask<Q, R>(rpc: Rpc<Q, R>, link: Link, request: Q, signal: AbortSignal): Promise<R> {
    if (signal.aborted) throw new AppError('cancelled', 'This was cancelled.')
    return ask(rpc, await this.#channel(rpc, link), request, signal)
  }

  /** Ends all of them; the next question opens anew. */
  reset(): void {
    this.#generation.abort()
    this.#generation = new AbortController()
    const channels = [...this.#channels.values()]
    this.#channels.clear()
    for (const opening of channels) void opening.then((channel) => channel.reset('session over')).catch(() => undefined)
  }

  async #channel<Q, R>(rpc: Rpc<Q, R>, link: Link): Promise<RequestChannel> {
    const known = this.#channels.get(rpc.id)
    if (known !== undefined) {
      const channel = await known
      if (channel.open) return channel
      if (this.#channels.get(rpc.id) === known) this.#channels.delete(rpc.id)
      return this.#channel(rpc, link)
    }
    const opening = this.#open(rpc, link)
    this.#channels.set(rpc.id, opening)
    opening.catch(() => {
      if (this.#channels.get(rpc.id) === opening) this.#channels.delete(rpc.id)
    })
    return opening
  }

  async #open<Q, R>(rpc: Rpc<Q, R>, link: Link): Promise<RequestChannel> {
    const controller = new AbortController()
    const cancel = this.#deps.clock.after(HANDSHAKE_DEADLINE_MS, () => controller.abort())
    const { signal } = this.#generation
    const onReset = (): void => controller.abort()
    signal.addEventListener('abort', onReset, { once: true })
    try {
      return new RequestChannel(this.#deps, await link.openStream(rpc.id, controller.signal), rpc.limits.responseBytes)
    } catch (cause) {
      throw new AppError('unreachable', 'The connection to the other side was lost.', { cause })
    } finally {
      cancel()
      signal.removeEventListener('abort', onReset)
    }
  }
}
