import type { Libp2p } from '@libp2p/interface'
import type { MailboxProtocol } from '../protocols/mailbox/serve-mailbox.ts'
import { callerOf } from './caller.ts'
import { toByteDuplex } from './stream-duplex.ts'

/** Lets a libp2p node answer as a mailbox; it keeps nobody away, as a relay does. Resolves to what ends that. */
export async function mountMailbox(node: Pick<Libp2p, 'handle' | 'unhandle'>, protocol: MailboxProtocol): Promise<() => Promise<void>> {
  const { id, maxStreams } = protocol
  await node.handle(id, (stream, connection) => protocol.onStream(callerOf(connection), toByteDuplex(stream), () => undefined), {
    maxInboundStreams: maxStreams,
  })
  return () => node.unhandle(id)
}
