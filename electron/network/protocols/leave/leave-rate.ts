import type { PeerId } from '../../../../shared/domain/ids.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { LEAVE_WINDOW_MS, LEAVES_PER_PEER } from './constants.ts'

/** Counts requests to be let go in a sliding window, of each peer. Peers are members, so there are not many. */
export class LeaveRate {
  readonly #clock: Clock
  #seen: { peerId: PeerId; at: number }[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Whether this peer may ask now. */
  admit(peerId: PeerId): boolean {
    const now = this.#clock.now()
    this.#seen = this.#seen.filter((each) => now - each.at < LEAVE_WINDOW_MS)
    if (this.#seen.filter((each) => each.peerId === peerId).length >= LEAVES_PER_PEER) return false
    this.#seen.push({ peerId, at: now })
    return true
  }
}
