import { AppError } from '../../kernel/errors.ts'
import type { ReaderDeps } from '../channel/frame-reader.ts'
import { RequestChannel } from '../channel/request-channel.ts'
import { ask, type Rpc } from '../protocols/rpc.ts'
import { HANDSHAKE_DEADLINE_MS } from './constants.ts'
import type { Link } from './transport.ts'

/** A stream that is being opened or is open. */
interface Opened {
  opening: Promise<RequestChannel>
  channel: RequestChannel | null
}

/** The long-lived streams of one session, one for each protocol we ask on, opened at the first question. */
export class SessionChannels {
  readonly #deps: ReaderDeps
  readonly #channels = new Map<string, Opened>()
  #generation = new AbortController()

  constructor(deps: ReaderDeps) {
    this.#deps = deps
  }

  /** Questions on one protocol leave in the order they are asked, also those that wait for the stream to open. */
  async ask<Q, R>(rpc: Rpc<Q, R>, link: Link, request: Q, signal: AbortSignal): Promise<R> {
    if (signal.aborted) throw new AppError('cancelled', 'This was cancelled.')
    const opened = this.#channel(rpc, link)
    // One that is open is asked before this returns: what its caller does next may take longer than the way there.
    return ask(rpc, opened.channel ?? (await opened.opening), request, signal)
  }

  /** Ends all of them; the next question opens anew. */
  reset(): void {
    this.#generation.abort()
    this.#generation = new AbortController()
    const channels = [...this.#channels.values()]
    this.#channels.clear()
    for (const { opening } of channels) {
      opening.then(
        (channel) => channel.reset('session over'),
        () => undefined,
      )
    }
  }

  #channel<Q, R>(rpc: Rpc<Q, R>, link: Link): Opened {
    const known = this.#channels.get(rpc.id)
    if (known !== undefined && known.channel?.open !== false) return known
    const opened: Opened = { opening: this.#open(rpc, link), channel: null }
    this.#channels.set(rpc.id, opened)
    opened.opening.then(
      (channel) => (opened.channel = channel),
      () => {
        if (this.#channels.get(rpc.id) === opened) this.#channels.delete(rpc.id)
      },
    )
    return opened
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
