import type { Clock } from '../../kernel/clock.ts'

/** Counts what each peer asks in a sliding window. For questions of members: of those there are not many. `who`: a peer, or a peer and of what. */
export class PeerRate {
  readonly #clock: Clock
  readonly #most: number
  readonly #windowMs: number
  #seen: { who: string; at: number }[] = []

  constructor(clock: Clock, { most, windowMs }: { most: number; windowMs: number }) {
    this.#clock = clock
    this.#most = most
    this.#windowMs = windowMs
  }

  /** Whether this peer may ask now. */
  admit(who: string): boolean {
    const now = this.#clock.now()
    this.#seen = this.#seen.filter((each) => now - each.at < this.#windowMs)
    if (this.#seen.filter((each) => each.who === who).length >= this.#most) return false
    this.#seen.push({ who, at: now })
    return true
  }
}
