/**
 * Lets the event loop come round between pieces of work that would otherwise follow each other without a gap: promises
 * alone never let it. The first piece of a turn waits for nothing.
 */
export class Turn {
  #taken = false

  /** Await this before each piece. */
  async take(): Promise<void> {
    while (this.#taken) await new Promise<void>((resolve) => setImmediate(resolve))
    this.#taken = true
    setImmediate(() => {
      this.#taken = false
    })
  }
}
