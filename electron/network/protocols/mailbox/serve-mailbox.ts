import type { Clock } from '../../../kernel/clock.ts'
import type { Logger } from '../../../kernel/logger.ts'
import type { MailboxAnswer, MailboxRequest } from '../../../ports/mailbox.ts'
import type { ByteDuplex } from '../../channel/byte-duplex.ts'
import { ALL_BUFFERS_BYTES, MAX_CHUNK_BYTES } from '../../channel/constants.ts'
import type { Offended } from '../../channel/offence.ts'
import { SharedBudget } from '../../channel/read-budget.ts'
import { serveChannel } from '../../channel/serve-channel.ts'
import type { Caller } from '../../libp2p/caller.ts'
import { answering } from '../rpc.ts'
import { CROWDED_MS, HOST_PART, MAILBOX_MS, MAILBOX_PROTOCOL, MAX_STREAMS } from './constants.ts'
import { mailboxRpc } from './mailbox-rpc.ts'

export interface MailboxServing {
  clock: Clock
  logger: Logger
  answer(from: Caller, request: MailboxRequest): MailboxAnswer
}

/** A protocol to be mounted on a libp2p node, whatever else that does. */
export interface MailboxProtocol {
  id: string
  /** Streams that one peer may have open. */
  maxStreams: number
  onStream(from: Caller, duplex: ByteDuplex, offended: Offended): void
}

/** Answers as a mailbox, in bounded memory: requests that are half read, and answers that wait to be written. */
export function mailboxProtocol({ clock, logger, answer }: MailboxServing): MailboxProtocol {
  const [requests, answers] = [budget(), budget()]
  return {
    id: MAILBOX_PROTOCOL,
    maxStreams: MAX_STREAMS,
    onStream(from, duplex, offended) {
      const { host } = from
      // A share is of a machine here: who has none left may be a neighbour of those who took it.
      const requestsOfHost = { ...requests.of(host), isBeyondShare: () => false }
      const respond = answering(mailboxRpc, logger, (request) => Promise.resolve(answer(from, request)))
      let [isAsked, isClosed, held] = [false, false, 0]
      let cancelDeadline = (): void => undefined
      duplex.onClose(() => {
        isClosed = true
        cancelDeadline()
        answers.release(host, held)
      })
      const once: Parameters<typeof serveChannel>[2]['answer'] = async (body) => {
        // A stream for each exchange: then what waits to be written is known, and gone with the stream.
        if (isAsked) return { kind: 'reset', reason: 'one request a stream', offence: 'order' }
        isAsked = true
        const reply = await respond(body)
        // What fits into one frame is not waited for by others: a receipt, above all, for what is stored already.
        if (reply.kind !== 'response' || isClosed || reply.body.length <= MAX_CHUNK_BYTES) return reply
        if (!answers.take(host, reply.body.length))
          return { kind: 'response', body: mailboxRpc.encodeResponse({ kind: 'later', afterMs: CROWDED_MS }) }
        held = reply.body.length
        // Whoever asked waits no longer than that.
        cancelDeadline = clock.after(MAILBOX_MS, () => duplex.reset('slow reader'))
        return reply
      }
      void serveChannel({ clock, budget: requestsOfHost, offended }, duplex, {
        maxRequestBytes: mailboxRpc.limits.requestBytes,
        once: true,
        answer: once,
      })
    },
  }
}

const budget = (): SharedBudget => new SharedBudget(ALL_BUFFERS_BYTES, ALL_BUFFERS_BYTES / HOST_PART)
