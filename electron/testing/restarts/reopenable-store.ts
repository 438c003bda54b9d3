import type { Redacted } from '../../kernel/redacted.ts'
import type { Store } from '../../ports/store.ts'
import { openStore } from '../../storage/open-store.ts'

export interface ReopenableStore extends Store {
  /** Closes the database and opens it again, as a restart does: nothing but the files is left. */
  reopen(): void
}

/** A store of the real kind that stays the same object for those who hold it, whatever is opened behind it. */
export function reopenableStore(file: string, key: Redacted<Uint8Array>): ReopenableStore {
  let store: Store = openStore({ file, key })
  const current = (name: string): object => {
    const found: unknown = Reflect.get(store, name)
    if (typeof found !== 'object' || found === null) throw new Error(`${name} is no repository`)
    return found
  }
  const repositories = Object.fromEntries(
    Object.entries(store)
      .filter(([, value]) => typeof value === 'object' && value !== null)
      .map(([name]) => [name, new Proxy({}, { get: (_, call) => Reflect.get(current(name), call) as unknown })]),
  ) as unknown as Store
  return {
    ...repositories,
    transaction: (work) => store.transaction(work),
    changes: () => store.changes(),
    close: () => store.close(),
    reopen: () => {
      store.close()
      store = openStore({ file, key })
    },
  }
}
