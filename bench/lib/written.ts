import { statSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Redacted } from '../../electron/kernel/redacted.ts'
import { systemRandom } from '../../electron/kernel/random.ts'
import type { MlsStorage } from '../../electron/ports/mls-storage.ts'
import type { Repositories, Store } from '../../electron/ports/store.ts'
import { migrate } from '../../electron/storage/migrations/migrate.ts'
import { migrations } from '../../electron/storage/migrations/migrations.ts'
import { createRepositories } from '../../electron/storage/repositories/repositories.ts'
import { Connection } from '../../electron/storage/sqlite/connection.ts'
import { openDatabase } from '../../electron/storage/sqlite/open-database.ts'

/** What was written since the last look, in bytes. */
export interface Written {
  /** Of keys and encoded state, as they were handed to the storage of MLS state. */
  state: number
  /** Of SQLite's log: whole pages, with what it puts before each. */
  log: number
}

/** The real database, whose log is never moved into it, so that all that is written can be told by the log's length. */
export interface WatchedStore extends Store {
  take(): Written
}

/** 4,096 bytes of a page and 24 before it (https://www.sqlite.org/fileformat2.html#walformat). */
export const FRAME_BYTES = 4120

export async function watchedStore(dir: string): Promise<WatchedStore> {
  await mkdir(dir, { recursive: true })
  const file = join(dir, 'profile.db')
  writeFileSync(file, '')
  const database = openDatabase(file, new Redacted(systemRandom.bytes(32)))
  migrate(database, migrations)
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.pragma('wal_autocheckpoint = 0')
  const connection = new Connection(database)
  const plain = createRepositories(connection)
  let state = 0
  const mls = weighed(plain.mls, (bytes) => {
    state += bytes
  })
  const repositories: Repositories = { ...plain, mls }
  // Only asked for, never opened: closing another descriptor would drop the lock.
  const length = (): number => statSync(`${file}-wal`).size
  let last = 0
  return {
    ...repositories,
    transaction: (work) => connection.transaction(() => work(repositories)),
    changes: () => connection.changes,
    close: () => connection.close(),
    take: () => {
      const written = { state, log: length() - last }
      ;[state, last] = [0, length()]
      return written
    },
  }
}

/** Every byte in what is handed to a method that writes; ids and numbers, which name a row, are not counted. */
function weighed(mls: MlsStorage, weigh: (bytes: number) => void): MlsStorage {
  return new Proxy(mls, {
    get: (target, name, receiver) => {
      const method: unknown = Reflect.get(target, name, receiver)
      if (typeof method !== 'function' || !/^(?:put|move|queue|note)/.test(String(name))) return method
      return (...args: unknown[]): unknown => {
        weigh(args.reduce((sum: number, arg) => sum + bytesIn(arg), 0))
        return Reflect.apply(method, target, args)
      }
    },
  })
}

/** Every byte in it. */
export function bytesIn(value: unknown): number {
  if (value instanceof Uint8Array) return value.length
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce((sum: number, each) => sum + bytesIn(each), 0)
}
