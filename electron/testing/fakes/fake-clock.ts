import type { Clock } from '../../kernel/clock.ts'

interface Timer {
  due: number
  fn: () => void
}

/** A clock that moves by hand, in milliseconds since the Unix epoch. Timers fire while it moves, in the order they are due. */
export class FakeClock implements Clock {
  #now: number
  readonly #timers = new Set<Timer>()

  constructor(start = Date.UTC(2025, 5, 1, 12)) {
    this.#now = start
  }

  now(): number {
    return this.#now
  }

  after(ms: number, fn: () => void): () => void {
    const timer = { due: this.#now + ms, fn }
    this.#timers.add(timer)
    return () => {
      this.#timers.delete(timer)
    }
  }

  /** How long until each pending timer, the soonest first. */
  get pending(): number[] {
    return [...this.#timers].map((t) => t.due - this.#now).sort((a, b) => a - b)
  }

  advance(ms: number): void {
    const end = this.#now + ms
    for (let next = this.#nextBefore(end); next !== null; next = this.#nextBefore(end)) {
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.due)
      next.fn()
    }
    this.#now = end
  }

  /** Somebody, or a server of time, puts it back: what is to happen after so long happens after so long all the same. */
  putBack(ms: number): void {
    this.#now -= ms
    for (const timer of this.#timers) timer.due -= ms
  }

  #nextBefore(end: number): Timer | null {
    const due = [...this.#timers].filter((t) => t.due <= end).sort((a, b) => a.due - b.due)
    return due[0] ?? null
  }
}
