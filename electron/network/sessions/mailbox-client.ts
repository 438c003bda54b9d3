import type { PeerId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import type { MailboxAnswer, MailboxRequest } from '../../ports/mailbox.ts'
import type { PeerAddress } from '../../ports/wire.ts'
import type { Offended } from '../channel/offence.ts'
import { RequestChannel } from '../channel/request-channel.ts'
import { mailboxRpc } from '../protocols/mailbox/mailbox-rpc.ts'
import { ask } from '../protocols/rpc.ts'
import { JOIN_DIAL_MS } from './constants.ts'
import type { SessionBudgets } from './session-budgets.ts'
import { DialError, UnknownProtocol, type Link } from './transport.ts'

export interface MailboxHost {
  clock: Clock
  budgets: SessionBudgets
  offendedBy(peerId: PeerId): Offended
  dial(peer: PeerAddress, signal: AbortSignal): Promise<Link>
}

/** A link to a mailbox, an open one if there is. Fails with `AppError('unreachable' | 'timed-out' | 'cancelled')`. */
export async function connectToMailbox(host: MailboxHost, peer: PeerAddress, signal: AbortSignal): Promise<Link> {
  const deadline = new AbortController()
  const cancelTimer = host.clock.after(JOIN_DIAL_MS, () => deadline.abort())
  try {
    if (signal.aborted) throw cancelled()
    return await host.dial(peer, AbortSignal.any([signal, deadline.signal]))
  } catch (cause) {
    if (signal.aborted) throw cancelled()
    if (deadline.signal.aborted || (cause instanceof DialError && cause.failure === 'timed-out'))
      throw new AppError('timed-out', 'The mailbox did not answer in time.', { cause })
    throw new AppError('unreachable', 'The mailbox could not be reached.', { cause })
  } finally {
    cancelTimer()
  }
}

/** Asks once, on a stream of its own. Fails with `AppError('unreachable' | 'not-found' | 'timed-out' | 'cancelled' | 'too-large')`. */
export async function askMailbox(host: MailboxHost, link: Link, request: MailboxRequest, signal: AbortSignal): Promise<MailboxAnswer> {
  const duplex = await link.openStream(mailboxRpc.id, signal).catch((cause: unknown) => {
    if (signal.aborted) throw cancelled()
    throw cause instanceof UnknownProtocol
      ? new AppError('not-found', 'This peer keeps no mailbox.', { cause })
      : new AppError('unreachable', 'The connection to the mailbox was lost.', { cause })
  })
  const reader = { clock: host.clock, budget: host.budgets.member(link.peerId), offended: host.offendedBy(link.peerId) }
  const channel = new RequestChannel(reader, duplex, mailboxRpc.limits.responseBytes)
  try {
    return await ask(mailboxRpc, channel, request, signal)
  } finally {
    channel.close()
  }
}

const cancelled = (): AppError => new AppError('cancelled', 'This was cancelled.')
