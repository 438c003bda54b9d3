import type { Clock } from '../../kernel/clock.ts'

export interface Rate {
  most: number
  /** How many are told apart: peer ids and tags cost nothing. */
  counted: number
  windowMs: number
}

/** Counts in windows that follow each other, by name, in bounded memory. */
export class WindowRate {
  readonly #clock: Clock
  readonly #rate: Rate
  readonly #counts = new Map<string, number>()
  #began = 0

  constructor(clock: Clock, rate: Rate) {
    this.#clock = clock
    this.#rate = rate
  }

  /** Whether this one may now, which then counts; else how long until the next window. */
  admit(name: string): { ok: true } | { ok: false; afterMs: number } {
    const afterMs = this.waitOf(name)
    if (afterMs > 0) return { ok: false, afterMs }
    this.count(name)
    return { ok: true }
  }

  /** How long until this one may; 0: now. Nothing counts. */
  waitOf(name: string): number {
    const now = this.#clock.now()
    // Also when the clock was set back: else nobody could for as long as that.
    if (now - this.#began >= this.#rate.windowMs || now < this.#began) {
      this.#counts.clear()
      this.#began = now
    }
    const count = this.#counts.get(name) ?? 0
    const isFull = count === 0 && this.#counts.size >= this.#rate.counted
    return isFull || count >= this.#rate.most ? this.#began + this.#rate.windowMs - now : 0
  }

  count(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
  }
}
