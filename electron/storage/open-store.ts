import type Database from 'better-sqlite3'
import { chmodSync, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { AppError } from '../kernel/errors.ts'
import type { Redacted } from '../kernel/redacted.ts'
import type { Store } from '../ports/store.ts'
import { type Counts, countRows } from './backup/counts.ts'
import type { DatabaseFile } from './database-file/database-file.ts'
import { Descriptor } from './database-file/descriptor.ts'
import { OpenFile } from './database-file/open-file.ts'
import { type DatabaseStage, databaseStage, markDatabaseMade } from './key-file/database-stage.ts'
import { diskFault, touchDurably } from './key-file/durable-file.ts'
import { sizeOf } from './key-file/profile-folder.ts'
import { migrate, schemaVersion } from './migrations/migrate.ts'
import type { Migration } from './migrations/migration.ts'
import { migrations } from './migrations/migrations.ts'
import { createRepositories } from './repositories/repositories.ts'
import { Connection } from './sqlite/connection.ts'
import { openDatabase } from './sqlite/open-database.ts'

export interface StoreOptions {
  /** The database; made if it is missing, unless the key file beside it says that there was one. Its folder must exist. */
  file: string
  key: Redacted<Uint8Array>
  /** Another list of schema steps: for tests of migrations. */
  steps?: readonly Migration[]
}

/** A store and the file it is kept in. */
export interface OpenStore extends Store {
  readonly file: DatabaseFile
  /** How much is in it. Takes longer the more there is: for copies of it, not for the window. */
  counts(): Counts
}

/**
 * Opens the encrypted database of a profile, brings its schema up to date and holds it until `close`.
 * Throws `AppError`, having changed nothing: 'in-use' (another process has it), 'unreadable' (another key, damage,
 * a newer schema, or a database that is gone), 'disk'.
 * While it is open nothing else in this process may open the file, not even to read: on POSIX systems closing any descriptor
 * of a file gives up all locks this process holds on it (https://www.sqlite.org/howtocorrupt.html §2.2).
 */
export function openStore({ file, key, steps = migrations }: StoreOptions): OpenStore {
  const dir = dirname(file)
  const stage = databaseStage(dir)
  prepareFile(file, stage)
  const descriptor = new Descriptor(file)
  try {
    const database = openDatabase(file, key)
    try {
      if (stage === 'made' && schemaVersion(database) === 0) throw gone()
      migrate(database, steps)
      if (stage === 'expected') markDatabaseMade(dir)
      return assemble(database, new OpenFile({ path: file, database, descriptor, key }))
    } catch (thrown) {
      database.close()
      throw thrown
    }
  } catch (thrown) {
    descriptor.close()
    throw thrown
  }
}

function assemble(database: Database.Database, file: OpenFile): OpenStore {
  const connection = new Connection(database)
  const repositories = createRepositories(connection)
  return {
    ...repositories,
    file,
    counts: () => countRows((sql) => connection.prepare(sql).get()),
    transaction: (work) => connection.transaction(() => work(repositories)),
    close: () => {
      connection.close()
      file.close()
    },
  }
}

/** The smallest page SQLite has. It takes a file shorter than that for a new database, and deletes the log beside it. */
const SMALLEST_DATABASE = 512

function prepareFile(file: string, stage: DatabaseStage): void {
  if (!existsSync(dirname(file))) throw new AppError('no-profile', 'There is no profile in this folder.')
  const size = sizeOf(file)
  if (size >= SMALLEST_DATABASE) {
    closeToOthers(file)
    return
  }
  if (size > 0 || stage === 'made' || sizeOf(`${file}-wal`) > 0) throw gone()
  touchDurably(file)
}

function closeToOthers(file: string): void {
  try {
    chmodSync(file, 0o600)
  } catch (thrown) {
    throw diskFault(thrown)
  }
}

const gone = (): AppError =>
  new AppError(
    'unreadable',
    'The database of this profile is missing or was emptied. Put it back from a backup; no new one was made over it.',
  )
