/** How often to look: a stall shorter than this nobody feels. */
const EVERY_MS = 4

/** Watches how long the event loop of this process does not come round: no call answered, no frame drawn, no packet read. */
export class Stalls {
  #longest = 0
  #last = performance.now()

  constructor() {
    const timer = setInterval(() => {
      const now = performance.now()
      this.#longest = Math.max(this.#longest, now - this.#last - EVERY_MS)
      this.#last = now
    }, EVERY_MS)
    timer.unref()
  }

  /** The longest in milliseconds since the last call. */
  take(): number {
    const longest = this.#longest
    this.#longest = 0
    return longest
  }
}
