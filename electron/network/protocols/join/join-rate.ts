import type { PeerId } from '../../../../shared/domain/ids.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { isWithin } from '../peer-rate.ts'
import { JOINS_IN_ALL, JOINS_PER_PEER, JOIN_WINDOW_MS, MISSES_REMEMBERED } from './constants.ts'

interface Asked {
  peerId: PeerId
  at: number
  /** It showed no invitation of ours, so it cost next to nothing. */
  missed: boolean
}

/**
 * Counts join requests in a sliding window, of each peer and of all. What shows no invitation of ours counts for its peer
 * alone: peer ids cost nothing, so whoever holds none could keep out everybody who does.
 */
export class JoinRate {
  readonly #clock: Clock
  #seen: Asked[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** What to call should the request turn out to miss; null if this peer may not ask now. */
  admit(peerId: PeerId): (() => void) | null {
    const now = this.#clock.now()
    this.#seen = this.#seen.filter((each) => isWithin(JOIN_WINDOW_MS, each.at, now))
    const ofPeer = this.#seen.filter((each) => each.peerId === peerId).length
    if (ofPeer >= JOINS_PER_PEER || this.#seen.filter((each) => !each.missed).length >= JOINS_IN_ALL) return null
    const asked: Asked = { peerId, at: now, missed: false }
    this.#seen.push(asked)
    return () => this.#miss(asked)
  }

  #miss(asked: Asked): void {
    asked.missed = true
    const misses = this.#seen.filter((each) => each.missed)
    if (misses.length > MISSES_REMEMBERED) this.#seen = this.#seen.filter((each) => each !== misses[0])
  }
}
