/** Undoes what made it. Calling it twice does nothing the second time. */
export type Dispose = () => void | Promise<void>

/** Owns things that must be undone, and undoes them in reverse order, all of them, even when one fails. */
export class Disposables {
  #owned: Dispose[] = []
  #closed = false

  /** Takes ownership; undoes at once if everything here is undone already. */
  async add(dispose: Dispose): Promise<void> {
    if (this.#closed) await dispose()
    else this.#owned.push(dispose)
  }

  async dispose(): Promise<void> {
    this.#closed = true
    const failures: unknown[] = []
    for (let next = this.#owned.pop(); next !== undefined; next = this.#owned.pop()) {
      try {
        await next()
      } catch (thrown) {
        failures.push(thrown)
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be stopped')
  }
}
