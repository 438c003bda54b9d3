import type { PeerId } from '../../../shared/domain/ids.ts'
import type { Reach, Reached, RelayProbe } from '../../ports/network.ts'
import type { PeerAddress, PeerRecord } from '../../ports/wire.ts'
import type { ByteDuplex } from '../channel/byte-duplex.ts'
import type { LinkId } from './session-state.ts'

/** An encrypted connection to a peer whose id is authenticated, carrying any number of streams. */
export interface Link {
  readonly id: LinkId
  readonly peerId: PeerId
  /** Somebody in between passes it on. */
  readonly relayed: boolean
  /** The other end is on a network that leads here without a router that would have to be got past. */
  readonly near: boolean
  /** Other links, or a place on a relay, depend on it. */
  carriesOthers(): boolean
  /** Opens a stream that the other end hands to its handler of `protocol`. Fails with `UnknownProtocol` where it has none. */
  openStream(protocol: string, signal: AbortSignal): Promise<ByteDuplex>
  /** Called once, at once if it is closed already. */
  onClose(listener: () => void): void
  close(): void
}

/** What connects us: `libp2p/` in the application, plain memory in the tests of sessions. */
export interface Transport {
  readonly localPeer: PeerId
  start(events: TransportEvents): Promise<void>
  stop(): Promise<void>
  addresses(): string[]
  /** The addresses as this peer signs them; null while it does not run. */
  record(): Promise<Uint8Array | null>
  openRecord(record: Uint8Array): Promise<PeerRecord | null>
  setReach(reach: Reach): Promise<void>
  /** A link to that peer and no other, an open one if there is. Fails with `DialError`. */
  dial(peer: PeerAddress, signal: AbortSignal): Promise<Link>
  /** A link to that peer that nobody passes on, if one can be had. Null if not. */
  dialDirect(peer: PeerAddress, signal: AbortSignal): Promise<Link | null>
  /** Ends all connections with the peer now. New ones are turned away for as long as `isKeptAway` says so. */
  cut(peerId: PeerId): void
  /** All but whom the sessions know of. */
  reached(): Omit<Reached, 'nearby'>
  probeRelay(address: string, signal: AbortSignal): Promise<RelayProbe>
  /** Links of known peers are the last to be closed when there are too many. */
  setKnown(peerId: PeerId, known: boolean): void
}

export interface TransportEvents {
  /** Every new link, whoever dialled. */
  onLink(link: Link): void
  onStream(protocol: string, link: Link, duplex: ByteDuplex): void
  /** Somebody on the local network says it is that peer: a hint. */
  onDiscovered(peer: PeerAddress): void
  /** Our own addresses changed, or the machine woke. */
  onNetworkChange(): void
  /** What `reached` tells may be another. */
  onReachedChange(): void
  /** A member, or one we want a session with; the rest are strangers, of which there is a limit. */
  isKnown(peerId: PeerId): boolean
  /** No connections with it, neither in nor out. */
  isKeptAway(peerId: PeerId): boolean
}

/** The protocols a transport must accept streams of. */
export type ProtocolIds = readonly string[]

export class DialError extends Error {
  override readonly name = 'DialError'
  readonly failure: 'unreachable' | 'timed-out' | 'cancelled'

  constructor(failure: DialError['failure'], options?: ErrorOptions) {
    super(failure, options)
    this.failure = failure
  }
}

/** The other end is there, and does not speak that protocol. */
export class UnknownProtocol extends Error {
  override readonly name = 'UnknownProtocol'
}
