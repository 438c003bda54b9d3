import type { PeerId } from '../../../shared/domain/ids.ts'
import { ed25519Sign } from '../../identity/index.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Redacted } from '../../kernel/redacted.ts'
import { mountMailbox, peerIdOf } from '../../network/create-network.ts'
import type { MailboxRoom } from '../../ports/mailbox.ts'
import { openMailboxStore } from '../../storage/mailbox/open-mailbox-store.ts'
import { DEFAULT_ROOM } from './limits.ts'
import { MailboxService } from './mailbox-service.ts'
import type { MailboxMetrics } from './mailbox-service.ts'

export interface OpenMailbox {
  peerId: PeerId
  metrics(): MailboxMetrics
  /** Ends the protocol first, then the store. The node goes on. */
  stop(): Promise<void>
}

interface MailboxParts {
  /** A libp2p node whose key is `key`, started or not. */
  node: Parameters<typeof mountMailbox>[0]
  /** Its Ed25519 seed: receipts are signed with it. */
  key: Redacted<Uint8Array>
  /** What it keeps; made if it is not there. */
  file: string
  clock: Clock
  logger: Logger
  room?: Partial<MailboxRoom>
}

/** Makes a libp2p node a mailbox. Throws `AppError('in-use' | 'unreadable' | 'disk')`, and then nothing is left open. */
export async function openMailbox({ node, key, file, clock, logger, room }: MailboxParts): Promise<OpenMailbox> {
  const peerId = await peerIdOf(key)
  const service = new MailboxService({
    ...{ store: openMailboxStore(file), localPeer: peerId, clock, logger: logger.child('mailbox') },
    sign: (bytes) => ed25519Sign(key.reveal(), bytes),
    room: { ...DEFAULT_ROOM, ...room },
  })
  try {
    const unmount = await mountMailbox(node, { clock, logger, answer: (from, request) => service.answer(from, request) })
    service.start()
    return {
      peerId,
      metrics: () => service.metrics(),
      stop: async () => {
        await unmount()
        service.stop()
      },
    }
  } catch (thrown) {
    service.stop()
    throw thrown
  }
}
