import type { PeerId } from '../../../shared/domain/ids.ts'
import { ed25519Sign } from '../../identity/index.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Redacted } from '../../kernel/redacted.ts'
import { mailboxProtocol, peerIdOf } from '../../network/create-network.ts'
import type { MailboxProtocol } from '../../network/create-network.ts'
import type { MailboxRoom } from '../../ports/mailbox.ts'
import { openMailboxStore } from '../../storage/mailbox/open-mailbox-store.ts'
import { DEFAULT_ROOM } from './limits.ts'
import { MailboxService } from './mailbox-service.ts'
import type { MailboxMetrics } from './mailbox-service.ts'

export interface OpenMailbox {
  peerId: PeerId
  /** To be mounted on the node of that peer id. */
  protocol: MailboxProtocol
  metrics(): MailboxMetrics
  /** Call it once the protocol is mounted no more: whoever still asks is told to come later. Safe to call twice. */
  stop(): void
}

interface MailboxParts {
  /** The Ed25519 seed of the node it is mounted on: receipts are signed with it. */
  key: Redacted<Uint8Array>
  /** What it keeps; made if it is not there. */
  file: string
  clock: Clock
  logger: Logger
  room?: Partial<MailboxRoom>
}

/** A mailbox over a file of its own. Throws `AppError('in-use' | 'unreadable' | 'disk')`. */
export async function openMailbox({ key, file, clock, logger, room }: MailboxParts): Promise<OpenMailbox> {
  const peerId = await peerIdOf(key)
  const service = new MailboxService({
    ...{ store: openMailboxStore(file), localPeer: peerId, clock, logger: logger.child('mailbox') },
    sign: (bytes) => ed25519Sign(key.reveal(), bytes),
    room: { ...DEFAULT_ROOM, ...room },
  })
  service.start()
  const protocol = mailboxProtocol({ clock, logger, answer: (from, request) => service.answer(from, request) })
  return { peerId, protocol, metrics: () => service.metrics(), stop: () => service.stop() }
}
