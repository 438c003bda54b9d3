/** Of the messages that are kept: half read, and requests until they are answered. */
export interface Budget {
  /** False, and nothing taken, when there is no room. */
  take(bytes: number): boolean
  release(bytes: number): void
  /** Whether so many more are beyond what this one may have, however little others take. */
  isBeyondShare(bytes: number): boolean
}

/** How many bytes of such messages may be kept, over all channels together. */
export class ReadBudget implements Budget {
  #free: number

  constructor(bytes: number) {
    this.#free = bytes
  }

  get free(): number {
    return this.#free
  }

  take(bytes: number): boolean {
    if (bytes > this.#free) return false
    this.#free -= bytes
    return true
  }

  release(bytes: number): void {
    this.#free += bytes
  }

  isBeyondShare(bytes: number): boolean {
    return bytes > this.#free
  }
}

/** The same of which nobody has more than a share. */
export class SharedBudget {
  readonly #budget: ReadBudget
  readonly #share: number
  readonly #taken = new Map<string, number>()

  constructor(bytes: number, share: number) {
    this.#budget = new ReadBudget(bytes)
    this.#share = share
  }

  /** False, and nothing taken, when there is no room, or `name` has its share. */
  take(name: string, bytes: number): boolean {
    const taken = (this.#taken.get(name) ?? 0) + bytes
    if (taken > this.#share || !this.#budget.take(bytes)) return false
    this.#taken.set(name, taken)
    return true
  }

  release(name: string, bytes: number): void {
    if (bytes === 0) return
    this.#budget.release(bytes)
    const left = (this.#taken.get(name) ?? 0) - bytes
    if (left > 0) this.#taken.set(name, left)
    else this.#taken.delete(name)
  }

  /** The share of one. */
  of(name: string): Budget {
    return {
      take: (bytes) => this.take(name, bytes),
      release: (bytes) => this.release(name, bytes),
      isBeyondShare: (bytes) => (this.#taken.get(name) ?? 0) + bytes > this.#share,
    }
  }
}
