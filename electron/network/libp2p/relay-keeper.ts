import { peerIdFromString } from '@libp2p/peer-id'
import type { Connection, PeerId, Transport } from '@libp2p/interface'
import type { ConnectionManager, TransportManager } from '@libp2p/interface-internal'
import { multiaddr } from '@multiformats/multiaddr'
import type { Clock } from '../../kernel/clock.ts'
import { faultName, shortId, type Logger } from '../../kernel/logger.ts'
import type { Random } from '../../kernel/random.ts'
import { backoffMs } from '../sessions/backoff.ts'
import type { RelayPlace } from '../../ports/network.ts'
import { RESERVE_MS } from './limits.ts'
import type { RelayAddress } from './relay-address.ts'
import { NoWayError, whyNoPlace } from './relay-probe.ts'

export interface RelayKeeperDeps {
  clock: Clock
  random: Random
  logger: Logger
  /** The address to dial instead; null for none. */
  reroute: (address: string) => string | null
  /** The relays we can be reached by have changed. */
  changed: () => void
}

/** What the keeper needs of libp2p's parts. */
export interface RelayKeeperComponents {
  transportManager: TransportManager
  connectionManager: ConnectionManager
}

/**
 * libp2p's own list of reservations. Listening on a relayed address, the public way to one, is tried once and never again, leaves a
 * listener behind each time it fails, and closing any of them forgets all reservations (circuit-relay-v2 4.2.13).
 */
interface Reservations extends EventTarget {
  addRelay(relay: PeerId, type: 'configured'): Promise<unknown>
  hasReservation(relay: PeerId): boolean
}

interface Kept {
  relay: RelayAddress
  failures: number
  /** How often it was asked for a place: what an older question comes to says nothing once there is a newer one. */
  asked: number
  held: boolean
  /** Why there is no place, as it was told last. */
  fault: Exclude<RelayPlace, 'held'>
  cancelTimer: () => void
}

/** Keeps a reservation on every relay it is told of; one that is lost is asked for again, later and later. */
export class RelayKeeper {
  readonly #deps: RelayKeeperDeps
  readonly #kept = new Map<string, Kept>()
  #components: RelayKeeperComponents | null = null
  #reservations: Reservations | null = null

  constructor(deps: RelayKeeperDeps) {
    this.#deps = deps
  }

  /** From here on the parts work. */
  start(components: RelayKeeperComponents): void {
    this.#components = components
    this.#reservations =
      components.transportManager
        .getTransports()
        .map(reservationsOf)
        .find((found) => found !== null) ?? null
    this.#reservations?.addEventListener('relay:removed', (event) => this.#onRemoved(event))
    for (const kept of this.#kept.values()) void this.#reserve(kept)
  }

  stop(): void {
    this.#components = null
    for (const kept of this.#kept.values()) kept.cancelTimer()
    this.#kept.clear()
  }

  /** Replaces the list. The connection to a relay that is no longer on it is closed. */
  keep(relays: readonly RelayAddress[]): void {
    const wanted = new Map(relays.map((relay) => [relay.relayId, relay]))
    for (const [relayId, kept] of [...this.#kept]) {
      if (wanted.get(relayId)?.address === kept.relay.address) continue
      kept.cancelTimer()
      this.#kept.delete(relayId)
      if (!wanted.has(relayId)) this.#hangUp(relayId)
      if (kept.held) this.#deps.changed()
    }
    for (const [relayId, relay] of wanted) {
      if (this.#kept.has(relayId)) continue
      const kept: Kept = { relay, failures: 0, asked: 0, held: false, fault: 'lost', cancelTimer: () => undefined }
      this.#kept.set(relayId, kept)
      void this.#reserve(kept)
    }
  }

  /** The relays on which there is a place for us now, in the order they were given. */
  held(): RelayAddress[] {
    return [...this.#kept.values()].filter(({ held }) => held).map(({ relay }) => relay)
  }

  /** All it was told of, those with a place first. */
  all(): RelayAddress[] {
    return [...this.#kept.values()].toSorted((a, b) => Number(b.held) - Number(a.held)).map(({ relay }) => relay)
  }

  /** All that are kept, with a place or without. */
  places(): { relayId: string; held: boolean }[] {
    return [...this.#kept.values()].map(({ relay, held }) => ({ relayId: relay.relayId, held }))
  }

  /** Asks for a place now if there is none. */
  async place({ relayId }: RelayAddress): Promise<RelayPlace> {
    const kept = this.#kept.get(relayId)
    if (kept === undefined) return 'lost'
    if (!kept.held) await this.#reserve(kept)
    return kept.held ? 'held' : kept.fault
  }

  /**
   * Goes to the relay at its address, whatever other way to it is open: that one may be of an address from before. Answers what ends a
   * connection that was opened for this alone.
   */
  async goTo(relay: RelayAddress, signal: AbortSignal): Promise<() => void> {
    if (this.#components === null) throw new NoWayError()
    const address = this.#deps.reroute(relay.address)
    if (address === null) throw new NoWayError()
    const { connectionManager } = this.#components
    const open = connectionManager.getConnections(peerIdFromString(relay.relayId)).filter(({ status }) => status === 'open')
    if (open.some(({ remoteAddr }) => bare(remoteAddr.toString()) === bare(address))) return () => undefined
    const connection = await connectionManager.openConnection(multiaddr(address), { signal, force: true })
    return open.length === 0 ? () => undefined : () => hangUp(connection)
  }

  keeps(peerId: string): boolean {
    return this.#kept.has(peerId)
  }

  /** Tries all that failed again now. */
  retry(): void {
    for (const kept of this.#kept.values()) {
      if (kept.held) continue
      kept.cancelTimer()
      kept.failures = 0
      void this.#reserve(kept)
    }
  }

  async #reserve(kept: Kept): Promise<void> {
    const [components, reservations] = [this.#components, this.#reservations]
    if (components === null || reservations === null) return
    const relayId = peerIdFromString(kept.relay.relayId)
    const startedAt = this.#deps.clock.now()
    const asked = (kept.asked += 1)
    try {
      await this.#connect(components, kept.relay, AbortSignal.timeout(RESERVE_MS))
      await reservations.addRelay(relayId, 'configured')
      if (!this.#isCurrent(kept)) return
      const isNews = !kept.held
      Object.assign(kept, { failures: 0, held: true })
      this.#deps.logger.info('relay-reserved', { relay: shortId(kept.relay.relayId), ms: this.#deps.clock.now() - startedAt })
      if (isNews) this.#deps.changed()
    } catch (thrown) {
      if (!this.#isCurrent(kept) || kept.asked !== asked) return
      kept.fault = whyNoPlace(thrown) ?? kept.fault
      this.#deps.logger.info('relay-failed', { relay: shortId(kept.relay.relayId), fault: faultName(thrown) })
      this.#retryLater(kept)
    }
  }

  async #connect({ connectionManager }: RelayKeeperComponents, relay: RelayAddress, signal: AbortSignal): Promise<Connection> {
    const relayId = peerIdFromString(relay.relayId)
    const open = connectionManager.getConnections(relayId).find(({ status }) => status === 'open')
    if (open !== undefined) return open
    const address = this.#deps.reroute(relay.address)
    if (address === null) throw new NoWayError('no way to the relay')
    return connectionManager.openConnection(multiaddr(address), { signal })
  }

  #onRemoved(event: Event): void {
    const relay = 'detail' in event ? relayIn(event.detail) : null
    const kept = relay === null ? undefined : this.#kept.get(relay)
    if (kept?.held !== true) return
    kept.held = false
    this.#deps.logger.info('relay-lost', { relay: shortId(kept.relay.relayId) })
    this.#deps.changed()
    this.#retryLater(kept)
  }

  #retryLater(kept: Kept): void {
    kept.held = false
    kept.cancelTimer()
    kept.cancelTimer = this.#deps.clock.after(backoffMs(kept.failures, this.#deps.random.fraction()), () => void this.#reserve(kept))
    kept.failures += 1
  }

  #isCurrent(kept: Kept): boolean {
    return this.#components !== null && this.#kept.get(kept.relay.relayId) === kept
  }

  #hangUp(relayId: string): void {
    for (const connection of this.#components?.connectionManager.getConnections(peerIdFromString(relayId)) ?? []) hangUp(connection)
  }
}

/** Without the peer id at its end. */
const bare = (address: string): string => address.replace(/\/p2p\/\w+$/, '')

function hangUp(connection: Connection): void {
  connection.close().catch((thrown: unknown) => connection.abort(thrown instanceof Error ? thrown : new Error('close failed')))
}

function reservationsOf(transport: Transport): Reservations | null {
  const store: unknown = 'reservationStore' in transport ? transport.reservationStore : null
  return isReservations(store) ? store : null
}

function isReservations(store: unknown): store is Reservations {
  return store instanceof EventTarget && 'addRelay' in store && 'hasReservation' in store
}

function relayIn(detail: unknown): string | null {
  return typeof detail === 'object' && detail !== null && 'relay' in detail ? String(detail.relay) : null
}
