/** Adds up the time spent in named parts of one operation at a time. */
export class Stopwatch<N extends string> {
  #spent = new Map<N, number>()

  /** Starts over. */
  reset(): void {
    this.#spent = new Map()
  }

  /** Milliseconds since the last reset. */
  spent(part: N): number {
    return this.#spent.get(part) ?? 0
  }

  add(part: N, ms: number): void {
    this.#spent.set(part, this.spent(part) + ms)
  }

  time<T>(part: N, work: () => T): T {
    const started = performance.now()
    try {
      return work()
    } finally {
      this.add(part, performance.now() - started)
    }
  }

  async timeAsync<T>(part: N, work: () => Promise<T>): Promise<T> {
    const started = performance.now()
    try {
      return await work()
    } finally {
      this.add(part, performance.now() - started)
    }
  }
}
