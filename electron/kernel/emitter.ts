/** Listeners for a fixed set of named events. A listener that throws is reported and does not stop the others. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(data: never) => void>>()
  readonly #onFault: (thrown: unknown) => void

  constructor(onFault: (thrown: unknown) => void) {
    this.#onFault = onFault
  }

  on<N extends keyof Events>(name: N, listener: (data: Events[N]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners)
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  }

  emit<N extends keyof Events>(name: N, data: Events[N]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        ;(listener as (data: Events[N]) => void)(data)
      } catch (thrown) {
        this.#onFault(thrown)
      }
    }
  }
}
