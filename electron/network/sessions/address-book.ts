import type { PeerId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { PeerAddress } from '../../ports/wire.ts'
import { JOIN_DISCOVERY_MS, MAX_DISCOVERED, MAX_PEER_ADDRESSES } from './constants.ts'

/** Where peers may be: what we were told to use, and what was seen on the local network. Bounded, oldest sightings go first. */
export class AddressBook {
  readonly #told = new Map<PeerId, readonly string[]>()
  readonly #seen = new Map<PeerId, readonly string[]>()
  #waiting: ((peerId: PeerId) => void)[] = []

  /** Replaces all that was told before. */
  tell(peers: readonly PeerAddress[]): void {
    this.#told.clear()
    for (const peer of peers) this.#told.set(peer.peerId, peer.addresses)
  }

  /** True if any of the addresses is news. */
  see(peer: PeerAddress): boolean {
    const known = this.of(peer.peerId)
    this.#seen.delete(peer.peerId)
    this.#seen.set(peer.peerId, peer.addresses.slice(0, MAX_PEER_ADDRESSES))
    const [oldest] = this.#seen.keys()
    if (this.#seen.size > MAX_DISCOVERED && oldest !== undefined) this.#seen.delete(oldest)
    for (const tell of [...this.#waiting]) tell(peer.peerId)
    return peer.addresses.some((address) => !known.includes(address))
  }

  /** So many were seen; no more than are kept. */
  get met(): number {
    return this.#seen.size
  }

  seen(peerId: PeerId): readonly string[] {
    return this.#seen.get(peerId) ?? []
  }

  /**
   * At most 16, by turns one seen nearby and one we were told: anybody on the local network can name a peer and give it
   * addresses that lead nowhere, and a dial has time for a few only.
   */
  of(peerId: PeerId): string[] {
    const [seen, told] = [this.seen(peerId), this.#told.get(peerId) ?? []]
    const turns = Array.from({ length: Math.max(seen.length, told.length) }, (_, i) => [...seen.slice(i, i + 1), ...told.slice(i, i + 1)])
    return [...new Set(turns.flat())].slice(0, MAX_PEER_ADDRESSES)
  }

  /** Resolves at the peer's next sighting, after a moment, or when the signal aborts. */
  untilSeen(peerId: PeerId, clock: Clock, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancelTimer()
        this.#waiting = this.#waiting.filter((each) => each !== waiter)
        signal.removeEventListener('abort', end)
        resolve()
      }
      const waiter = (seen: PeerId): void => {
        if (seen === peerId) end()
      }
      const cancelTimer = clock.after(JOIN_DISCOVERY_MS, end)
      this.#waiting.push(waiter)
      signal.addEventListener('abort', end, { once: true })
      if (signal.aborted) end()
    })
  }
}
