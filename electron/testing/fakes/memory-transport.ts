import type { PeerId } from '../../../shared/domain/ids.ts'
import { PROTOCOLS } from '../../network/sessions/serve-streams.ts'
import { DialError, UnknownProtocol, type Link, type Transport, type TransportEvents } from '../../network/sessions/transport.ts'
import type { PeerAddress, PeerRecord } from '../../ports/wire.ts'
import { fakeRecord, openFakeRecord } from './fake-record.ts'
import { unreached } from './unreached.ts'
import { duplexPair, type DuplexEnd } from './duplex-pair.ts'

/** Transports in one process, for tests of what stands on them: every dial, link and stream is in the test's hands. */
export class TransportHub {
  readonly #transports = new Map<PeerId, MemoryTransport>()
  /** Dials to these never end by themselves. */
  readonly silent = new Set<PeerId>()
  /** Dials to these go by a relay. */
  readonly relayed = new Set<PeerId>()
  /** These can be reached directly besides. */
  readonly direct = new Set<PeerId>()
  /** Whether links lead past no router. */
  near = true
  #links = 0

  transport(localPeer: PeerId): MemoryTransport {
    const transport = new MemoryTransport(this, localPeer)
    this.#transports.set(localPeer, transport)
    return transport
  }

  find(peerId: PeerId): MemoryTransport | undefined {
    return this.#transports.get(peerId)
  }

  newLinkId(): string {
    this.#links += 1
    return `link ${this.#links}`
  }
}

export class MemoryTransport implements Transport {
  readonly localPeer: PeerId
  readonly reached = unreached.reached
  readonly probeRelay = unreached.probeRelay
  readonly dials: PeerAddress[] = []
  readonly known = new Set<PeerId>()
  readonly links = new Set<MemoryLink>()
  events: TransportEvents | null = null
  readonly #hub: TransportHub

  constructor(hub: TransportHub, localPeer: PeerId) {
    this.#hub = hub
    this.localPeer = localPeer
  }

  async start(events: TransportEvents): Promise<void> {
    this.events = events
  }

  async stop(): Promise<void> {
    this.events = null
    for (const link of [...this.links]) link.close()
  }

  addresses(): string[] {
    return [`/memory/${this.localPeer}`]
  }

  async dial(peer: PeerAddress, signal: AbortSignal): Promise<MemoryLink> {
    this.dials.push(peer)
    await Promise.resolve()
    if (this.#hub.silent.has(peer.peerId)) {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    }
    if (signal.aborted) throw new DialError('cancelled')
    if (this.events?.isKeptAway(peer.peerId) === true) throw new DialError('unreachable')
    const other = this.#hub.find(peer.peerId)
    if (other?.events == null || this.events === null || other.events.isKeptAway(this.localPeer)) throw new DialError('unreachable')
    return this.connect(other, this.#hub.relayed.has(peer.peerId))
  }

  cut(peerId: PeerId): void {
    for (const link of [...this.links].filter((each) => each.peerId === peerId)) link.close()
  }

  /** A new link to the other, whatever links there are. */
  connect(other: MemoryTransport, relayed = false): MemoryLink {
    const id = this.#hub.newLinkId()
    const ours = new MemoryLink(id, this, other.localPeer, { relayed, near: this.#hub.near })
    const theirs = new MemoryLink(id, other, this.localPeer, { relayed, near: this.#hub.near })
    ours.other = theirs
    theirs.other = ours
    this.links.add(ours)
    other.links.add(theirs)
    other.events?.onLink(theirs)
    this.events?.onLink(ours)
    return ours
  }

  async record(): Promise<Uint8Array | null> {
    return fakeRecord(this.localPeer, this.addresses())
  }

  async openRecord(record: Uint8Array): Promise<PeerRecord | null> {
    return openFakeRecord(record)
  }

  async setReach(): Promise<void> {
    // there is one way only
  }

  async dialDirect(peer: PeerAddress, signal: AbortSignal): Promise<MemoryLink | null> {
    const other = this.#hub.direct.has(peer.peerId) && !signal.aborted ? this.#hub.find(peer.peerId) : undefined
    return other?.events == null || this.events === null ? null : this.connect(other)
  }

  setKnown(peerId: PeerId, known: boolean): void {
    if (known) this.known.add(peerId)
    else this.known.delete(peerId)
  }
}

export class MemoryLink implements Link {
  readonly id: string
  readonly peerId: PeerId
  readonly relayed: boolean
  readonly near: boolean
  other: MemoryLink | null = null
  open = true
  /** The streams opened from here. */
  readonly streams: { protocol: string; end: DuplexEnd }[] = []
  readonly owner: MemoryTransport
  #onClose: (() => void)[] = []

  constructor(id: string, owner: MemoryTransport, peerId: PeerId, { relayed, near }: { relayed: boolean; near: boolean }) {
    this.relayed = relayed
    this.near = near
    this.id = id
    this.owner = owner
    this.peerId = peerId
  }

  carriesOthers(): boolean {
    return false
  }

  async openStream(protocol: string, signal: AbortSignal): Promise<DuplexEnd> {
    await Promise.resolve()
    const events = this.other?.owner.events
    if (signal.aborted || !this.open || this.other === null || events == null) throw new Error('no stream')
    if (!PROTOCOLS.includes(protocol)) throw new UnknownProtocol(protocol)
    const [ours, theirs] = duplexPair()
    this.streams.push({ protocol, end: ours })
    events.onStream(protocol, this.other, theirs)
    return ours
  }

  onClose(listener: () => void): void {
    if (this.open) this.#onClose.push(listener)
    else listener()
  }

  close(): void {
    this.end()
    queueMicrotask(() => this.other?.end())
  }

  end(): void {
    if (!this.open) return
    this.open = false
    this.owner.links.delete(this)
    for (const { end } of this.streams) end.close()
    for (const listener of this.#onClose.splice(0)) listener()
  }
}
