import type { Clock } from '../../kernel/clock.ts'

/** Whether it was so short a time ago. What is dated ahead was not: the clock was put back since, and nobody has to wait for it to catch up. */
export const isWithin = (windowMs: number, at: number, now: number): boolean => at <= now && now - at < windowMs

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
    this.#seen = this.#seen.filter((each) => isWithin(this.#windowMs, each.at, now))
    if (this.#seen.filter((each) => each.who === who).length >= this.#most) return false
    this.#seen.push({ who, at: now })
    return true
  }
}
