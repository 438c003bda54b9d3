import type { Repositories, Store } from '../../../ports/store.ts'

/** A process that ended: nothing it does from then on has any effect. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

/** One run of a node's process, from its start to its end. */
export class Life {
  readonly nth: number
  #alive = true
  readonly #onEnd: () => void
  /** The process ends at a transaction: after so many more, before or after it is durable. */
  trap: { transactions: number; side: 'before' | 'after' } | null = null
  /** Transactions that wrote something durable. */
  written = 0

  constructor(nth: number, onEnd: () => void) {
    this.nth = nth
    this.#onEnd = onEnd
  }

  get alive(): boolean {
    return this.#alive
  }

  end(): void {
    if (!this.#alive) return
    this.#alive = false
    this.#onEnd()
  }
}

/** The store as one process sees it: gone when the process is, which may be at a transaction. */
export function storeOfLife(durable: Store, life: Life): Store {
  const check = (): void => {
    if (!life.alive) throw new Crash('the process is gone')
  }
  const die = (): never => {
    life.end()
    throw new Crash('the process ends here')
  }
  const guard = <R extends object>(repository: R): R =>
    new Proxy(repository, {
      get: (target, name) => {
        check()
        return Reflect.get(target, name) as unknown
      },
    })
  const repositories = Object.fromEntries(
    Object.entries(durable)
      .filter(([, part]) => typeof part === 'object' && part !== null)
      .map(([name, part]) => [name, guard(part as object)]),
  ) as unknown as Repositories
  return {
    ...repositories,
    transaction: (work) => {
      check()
      const { trap } = life
      const due = trap !== null && --trap.transactions <= 0
      if (due && trap.side === 'before') return die()
      const value = durable.transaction(work)
      life.written += 1
      return due ? die() : value
    },
    changes: () => {
      check()
      return durable.changes()
    },
    close: () => undefined,
  }
}
