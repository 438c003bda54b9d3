/** How many bytes of half-read messages may be kept, over all channels together. */
export class ReadBudget {
  #free: number

  constructor(bytes: number) {
    this.#free = bytes
  }

  get free(): number {
    return this.#free
  }

  /** False, and nothing taken, when there is no room. */
  take(bytes: number): boolean {
    if (bytes > this.#free) return false
    this.#free -= bytes
    return true
  }

  release(bytes: number): void {
    this.#free += bytes
  }
}
