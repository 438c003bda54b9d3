import type { PeerId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import type { JoinAnswer, JoinRequest, PeerAddress } from '../../ports/wire.ts'
import type { Offended } from '../channel/offence.ts'
import { RequestChannel } from '../channel/request-channel.ts'
import { joinRpc } from '../protocols/join/join-rpc.ts'
import { ask } from '../protocols/rpc.ts'
import { JOIN_DIAL_MS } from './constants.ts'
import type { SessionBudgets } from './session-budgets.ts'
import { DialError, type Link } from './transport.ts'

export interface JoinHost {
  clock: Clock
  budgets: SessionBudgets
  offendedBy(peerId: PeerId): Offended
  dial(peer: PeerAddress, signal: AbortSignal): Promise<Link>
  /** Addresses the peer was seen at on the local network, waiting a moment for such news; empty if there is none. */
  discover(peer: PeerAddress, signal: AbortSignal): Promise<string[]>
}

export interface JoinOptions {
  signal: AbortSignal
  onStep: (step: 'connecting' | 'asking') => void
}

/** Asks one peer to let us in. Fails with `AppError('unreachable' | 'timed-out' | 'cancelled')`. */
export async function askToJoin(host: JoinHost, link: Link, request: JoinRequest, options: JoinOptions): Promise<JoinAnswer> {
  options.onStep('asking')
  const duplex = await link.openStream(joinRpc.id, options.signal).catch((cause: unknown) => {
    throw options.signal.aborted ? cancelled() : new AppError('unreachable', 'The inviter does not take requests to join.', { cause })
  })
  const reader = { clock: host.clock, budget: host.budgets.member(link.peerId), offended: host.offendedBy(link.peerId) }
  const channel = new RequestChannel(reader, duplex, joinRpc.limits.responseBytes)
  try {
    return await ask(joinRpc, channel, request, options.signal)
  } finally {
    channel.close()
  }
}

/** A link to the peer, by the addresses given or by those it is seen at nearby. */
export async function connectToJoin(host: JoinHost, peer: PeerAddress, options: JoinOptions): Promise<Link> {
  options.onStep('connecting')
  const first = await tryDial(host, peer, options.signal)
  if (!(first instanceof AppError)) return first
  if (first.code === 'cancelled') throw first
  const addresses = await host.discover(peer, options.signal)
  if (options.signal.aborted) throw cancelled()
  if (addresses.length === 0) throw first
  const second = await tryDial(host, { peerId: peer.peerId, addresses }, options.signal)
  if (second instanceof AppError) throw second
  return second
}

async function tryDial(host: JoinHost, peer: PeerAddress, signal: AbortSignal): Promise<Link | AppError> {
  const deadline = new AbortController()
  const cancelTimer = host.clock.after(JOIN_DIAL_MS, () => deadline.abort())
  try {
    signal.throwIfAborted()
    return await host.dial(peer, AbortSignal.any([signal, deadline.signal]))
  } catch (thrown) {
    if (signal.aborted) return cancelled()
    if (deadline.signal.aborted || (thrown instanceof DialError && thrown.failure === 'timed-out')) {
      return new AppError('timed-out', 'The inviter did not answer in time.', { cause: thrown })
    }
    return new AppError('unreachable', 'The inviter could not be reached.', { cause: thrown })
  } finally {
    cancelTimer()
  }
}

const cancelled = (): AppError => new AppError('cancelled', 'This was cancelled.')
