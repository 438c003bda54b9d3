import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redacted } from '../../kernel/redacted.ts'
import type { Store } from '../../ports/store.ts'
import { type OpenStore, openStore } from '../../storage/open-store.ts'

const KEY = 7

/** A real database that stays the same object for those who hold it, and can be put back to what it was. */
export interface RewindableStore extends Store {
  /** All that is stored now. */
  copy(): Uint8Array
  /** An older copy takes the place of the database, as a restored backup does: with all that this means for its groups. */
  putBack(copy: Uint8Array): void
  /** The same, but nobody marks it: as a file copied back by hand would be. */
  rewind(copy: Uint8Array): void
}

const isRepository = (part: unknown): boolean => typeof part === 'object' && part !== null

/** Opened below `folder`, which must exist. */
export function rewindableStore(folder: string, name: string): RewindableStore {
  const file = join(folder, `${name}.db`)
  writeFileSync(file, '')
  const open = (): OpenStore => openStore({ file, key: new Redacted(new Uint8Array(32).fill(KEY)) })
  let store = open()
  const whileClosed = <T>(work: () => T): T => {
    store.close()
    const value = work()
    store = open()
    return value
  }
  const rewind = (copy: Uint8Array): void =>
    whileClosed(() => {
      for (const log of [`${file}-wal`, `${file}-shm`]) rmSync(log, { force: true })
      writeFileSync(file, copy)
    })
  const repositories = Object.fromEntries(
    Object.keys(store)
      .filter((part): part is keyof Store => isRepository(store[part as keyof Store]))
      .map((part) => [part, new Proxy(store[part], { get: (_, call) => Reflect.get(store[part], call) as unknown })]),
  ) as unknown as Store
  return {
    ...repositories,
    transaction: (work) => store.transaction(work),
    changes: () => store.changes(),
    close: () => store.close(),
    copy: () => whileClosed(() => new Uint8Array(readFileSync(file))),
    rewind,
    putBack: (copy) => {
      rewind(copy)
      store.putBack()
    },
  }
}
