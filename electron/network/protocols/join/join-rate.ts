import type { PeerId } from '../../../../shared/domain/ids.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { JOINS_IN_ALL, JOINS_PER_PEER, JOIN_WINDOW_MS } from './constants.ts'

/** Counts join requests in a sliding window, of each peer and of all. Remembers no more than it lets through. */
export class JoinRate {
  readonly #clock: Clock
  #seen: { peerId: PeerId; at: number }[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** True, and counted, if this peer may ask now. */
  admit(peerId: PeerId): boolean {
    const now = this.#clock.now()
    this.#seen = this.#seen.filter((each) => now - each.at < JOIN_WINDOW_MS)
    const ofPeer = this.#seen.filter((each) => each.peerId === peerId).length
    if (ofPeer >= JOINS_PER_PEER || this.#seen.length >= JOINS_IN_ALL) return false
    this.#seen.push({ peerId, at: now })
    return true
  }
}
