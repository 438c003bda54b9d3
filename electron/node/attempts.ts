import type { GroupId } from '../../shared/domain/ids.ts'
import type { Clock } from '../kernel/clock.ts'

interface Deps<G> {
  clock: Clock
  /** Answers when to try again; null when it is over, or something else will say when. */
  attempt: (group: G) => Promise<number | null>
  /** An attempt threw; answers the same. */
  failed: (groupId: GroupId, thrown: unknown) => number | null
  /** The time has come: looks whether there is anything to do still. */
  retry: (groupId: GroupId) => void
}

/** In milliseconds. */
export interface Pauses {
  firstMs: number
  lastMs: number
}

/** Tries something for each group: one attempt at a time, and again after as long as the attempt says. */
export class Attempts<G extends { groupId: GroupId }> {
  readonly #deps: Deps<G>
  readonly #running = new Map<GroupId, Promise<void>>()
  readonly #again = new Set<GroupId>()
  readonly #timers = new Map<GroupId, () => void>()
  readonly #failures = new Map<GroupId, number>()
  readonly #abort = new AbortController()

  constructor(deps: Deps<G>) {
    this.#deps = deps
  }

  get isOver(): boolean {
    return this.signal.aborted
  }

  /** Aborts when all is over. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** Aborts when all is over, or after so long. */
  within(ms: number): AbortSignal {
    return AbortSignal.any([this.signal, AbortSignal.timeout(ms)])
  }

  async stop(): Promise<void> {
    this.#abort.abort()
    for (const cancel of this.#timers.values()) cancel()
    this.#timers.clear()
    await Promise.all(this.#running.values())
  }

  isRunning(groupId: GroupId): boolean {
    return this.#running.has(groupId)
  }

  /** Tries now. During an attempt nothing happens, and with `again` another one follows it at once. */
  now(group: G, { again = false } = {}): void {
    const { groupId } = group
    if (this.isOver) return
    if (this.#running.has(groupId)) {
      if (again) this.#again.add(groupId)
      return
    }
    this.#timers.get(groupId)?.()
    this.#timers.delete(groupId)
    const run = this.#deps
      .attempt(group)
      .catch((thrown: unknown) => this.#deps.failed(groupId, thrown))
      .then((retryMs) => {
        this.#running.delete(groupId)
        if (this.isOver) return
        if (this.#again.delete(groupId)) this.now(group)
        else if (retryMs !== null) this.#timers.set(groupId, this.#after(groupId, retryMs))
      })
    this.#running.set(groupId, run)
  }

  /** How long to pause: twice as long each time, as long as `lastMs` at most. */
  backoff(groupId: GroupId, { firstMs, lastMs }: Pauses): number {
    const failures = this.#failures.get(groupId) ?? 0
    this.#failures.set(groupId, failures + 1)
    return Math.min(lastMs, firstMs * 2 ** Math.min(failures, 10))
  }

  /** The next back-off begins anew. */
  succeeded(groupId: GroupId): void {
    this.#failures.delete(groupId)
  }

  #after(groupId: GroupId, ms: number): () => void {
    return this.#deps.clock.after(ms, () => this.#deps.retry(groupId))
  }
}
