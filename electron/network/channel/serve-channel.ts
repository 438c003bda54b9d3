import type { ByteDuplex } from './byte-duplex.ts'
import { MAX_IN_FLIGHT } from './constants.ts'
import { readMessages, type ReaderDeps } from './frame-reader.ts'
import { FrameWriter } from './frame-writer.ts'
import type { Offence } from './offence.ts'
import type { Answer } from './request-channel.ts'

/** `reset` ends the stream: for what no honest peer sends, or, with no offence, what we do not speak. */
export type Reply = Answer | { kind: 'reset'; reason: string; offence: Offence | null }

export interface ServeOptions {
  maxRequestBytes: number
  /** The stream carries one exchange, and is closed once its answer was handed to the connection. */
  once?: boolean
  /** Called in the order requests came; answers may leave in another. Must not throw. */
  answer: (body: Uint8Array) => Promise<Reply>
}

/** The answering end of a stream. Resolves when the stream has closed. */
export function serveChannel(deps: ReaderDeps, duplex: ByteDuplex, options: ServeOptions): Promise<void> {
  const writer = new FrameWriter(duplex, deps.clock)
  const unanswered = new Set<number>()

  const refuse = (reason: string, offence: Offence | null): void => {
    duplex.reset(reason)
    if (offence !== null) deps.offended(offence)
  }

  const answer = async (id: number, body: Uint8Array): Promise<void> => {
    const reply = await options.answer(body).finally(() => deps.budget.release(body.length))
    if (reply.kind === 'reset') return refuse(reply.reason, reply.offence)
    // Until then it is kept here: who asks on and reads nothing must not have us keep one answer after another.
    writer.write({ ...reply, id }, () => unanswered.delete(id))
    if (options.once !== true) return
    await writer.flushed()
    duplex.close()
  }

  readMessages(deps, duplex, options.maxRequestBytes, (message) => {
    const known = unanswered.has(message.id)
    if (message.kind !== 'request' || known) return refuse('out of order', 'order')
    if (unanswered.size >= MAX_IN_FLIGHT) return refuse('out of order', 'flood')
    // Whole, it is kept until whoever answers it is done, also after the stream ended; what it took while half read was just given back.
    const isFlood = deps.budget.isBeyondShare(message.body.length)
    if (!deps.budget.take(message.body.length)) return refuse('read buffers full', isFlood ? 'flood' : null)
    unanswered.add(message.id)
    void answer(message.id, message.body).catch(() => duplex.reset('handler failed'))
  })
  return new Promise((resolve) => duplex.onClose(resolve))
}
