interface Runs {
  now: Promise<void>
  next: Promise<void> | null
}

/** Runs one task for each key, once at a time: what is asked for while it runs is one more run after that, however often. */
export class Merged<K> {
  readonly #task: (key: K) => Promise<void>
  readonly #running = new Map<K, Runs>()

  constructor(task: (key: K) => Promise<void>) {
    this.#task = task
  }

  /** Resolves, or fails as the task does, at the end of a run that began after this call. */
  run(key: K): Promise<void> {
    const runs = this.#running.get(key)
    if (runs === undefined) return this.#begin(key)
    runs.next ??= runs.now.then(
      () => this.#begin(key),
      () => this.#begin(key),
    )
    return runs.next
  }

  #begin(key: K): Promise<void> {
    const now = this.#task(key)
    const runs: Runs = { now, next: null }
    this.#running.set(key, runs)
    const ended = (): void => {
      if (runs.next === null) this.#running.delete(key)
    }
    void now.then(ended, ended)
    return now
  }
}
