import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import type { PeerId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { MailboxAnswer, MailboxRequest } from '../../ports/mailbox.ts'
import { ALL_BUFFERS_BYTES } from '../channel/constants.ts'
import { ReadBudget } from '../channel/read-budget.ts'
import { serveChannel } from '../channel/serve-channel.ts'
import { mailboxRpc } from '../protocols/mailbox/mailbox-rpc.ts'
import { answering } from '../protocols/rpc.ts'
import { MAX_STREAMS_PER_PROTOCOL } from './limits.ts'
import { toByteDuplex } from './stream-duplex.ts'

/** What those who find no room are told: as long as whoever reads slowly may take. */
const CROWDED_MS = 10_000

export interface MailboxMount {
  clock: Clock
  logger: Logger
  answer(from: PeerId, request: MailboxRequest): MailboxAnswer
}

/** Lets a libp2p node answer as a mailbox, whatever else it does. Resolves to what ends that. */
export async function mountMailbox(node: Pick<Libp2p, 'handle' | 'unhandle'>, mount: MailboxMount): Promise<() => Promise<void>> {
  const requests = new ReadBudget(ALL_BUFFERS_BYTES)
  const answers = new ReadBudget(ALL_BUFFERS_BYTES)
  const serve = (stream: Stream, connection: Connection): void => {
    const duplex = toByteDuplex(stream)
    const from = connection.remotePeer.toString() as PeerId
    const respond = answering(mailboxRpc, mount.logger, (request) => Promise.resolve(mount.answer(from, request)))
    let [isAsked, held] = [false, 0]
    duplex.onClose(() => answers.release(held))
    const answer: Parameters<typeof serveChannel>[2]['answer'] = async (body) => {
      // A stream for each exchange: then what waits to be written is known, and gone with the stream.
      if (isAsked) return { kind: 'reset', reason: 'one request a stream' }
      isAsked = true
      const reply = await respond(body)
      if (reply.kind !== 'response') return reply
      if (!answers.take(reply.body.length))
        return { kind: 'response', body: mailboxRpc.encodeResponse({ kind: 'later', afterMs: CROWDED_MS }) }
      if (stream.status === 'open') held = reply.body.length
      else answers.release(reply.body.length)
      return reply
    }
    void serveChannel({ clock: mount.clock, budget: requests }, duplex, { maxRequestBytes: mailboxRpc.limits.requestBytes, answer })
  }
  await node.handle(mailboxRpc.id, serve, { maxInboundStreams: MAX_STREAMS_PER_PROTOCOL })
  return () => node.unhandle(mailboxRpc.id)
}
