import type Database from 'better-sqlite3'
import { chmodSync, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Clock, systemClock } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import { type Random, systemRandom } from '../kernel/random.ts'
import type { Redacted } from '../kernel/redacted.ts'
import type { MlsConversion } from '../ports/mls-storage.ts'
import type { Store } from '../ports/store.ts'
import { type Counts, countRows } from './backup/counts.ts'
import type { DatabaseFile } from './database-file/database-file.ts'
import { Descriptor } from './database-file/descriptor.ts'
import { OpenFile } from './database-file/open-file.ts'
import { DamageWatch } from './integrity/damage-watch.ts'
import { LogState } from './integrity/log-state.ts'
import { noteOlder, notedOlder } from './integrity/note-older.ts'
import { Stamp, readStamp } from './integrity/stamp.ts'
import { type DatabaseStage, databaseStage, markDatabaseMade } from './key-file/database-stage.ts'
import { diskFault, diskTook } from './key-file/disk-fault.ts'
import { touchDurably } from './key-file/durable-file.ts'
import { sizeOf } from './key-file/profile-folder.ts'
import { migrate, schemaVersion } from './migrations/migrate.ts'
import type { Migration } from './migrations/migration.ts'
import { migrations } from './migrations/migrations.ts'
import { refuseNewer } from './migrations/refuse-newer.ts'
import { markPutBack } from './repair/put-back.ts'
import { finishLeftReplacing, isBeingReplaced } from './repair/replace-database.ts'
import { createRepositories } from './repositories/repositories.ts'
import { snapshotBeforeMigration } from './snapshots/migration-snapshot.ts'
import { type Bindable, Connection } from './sqlite/connection.ts'
import { openDatabase } from './sqlite/open-database.ts'

export interface StoreOptions {
  /** The database; made if it is missing, unless the key file beside it says that there was one. Its folder must exist. */
  file: string
  key: Redacted<Uint8Array>
  /** Another list of schema steps: for tests of migrations. */
  steps?: readonly Migration[]
  /** Reads MLS state of schema 1, which `crypto/mls` wrote; without it a profile that has any is not opened. */
  convert?: MlsConversion | undefined
  clock?: Pick<Clock, 'now'>
  random?: Random
}

/** A store, the file it is kept in, and what only those who look after both need. */
export interface OpenStore extends Store {
  readonly file: DatabaseFile
  /** What was found damaged, now or at an earlier start, and tells of what is found from now on. */
  readonly damage: DamageWatch
  /** The schema it had before this start brought it up to date; null if it was up to date. */
  readonly migratedFrom: number | null
  /** For checks that look across tables. Reads only. */
  inspect(sql: string, ...params: Bindable[]): Record<string, unknown>[]
  /** How much is in it. Takes longer the more there is: for copies of it, not for the window. */
  counts(): Counts
  /** For whoever made it from an older copy, before anything runs on it: see `markPutBack`. */
  putBack(): void
}

/**
 * Opens the encrypted database of a profile, brings its schema up to date and holds it until `close`.
 * Throws `AppError`, having changed nothing: 'in-use' (another process has it), 'unreadable' (another key, damage,
 * or a database that is gone), 'newer-profile', 'upgrade-failed', 'disk'.
 * While it is open nothing else in this process may open the file, not even to read: on POSIX systems closing any descriptor
 * of a file gives up all locks this process holds on it (https://www.sqlite.org/howtocorrupt.html §2.2).
 */
export function openStore(options: StoreOptions): OpenStore {
  const { file, key, steps = migrations } = options
  const dir = dirname(file)
  const stage = databaseStage(dir)
  finishLeftReplacing(file)
  prepareFile(file, stage)
  const descriptor = new Descriptor(file)
  try {
    // Without key file nothing is known of it, so a log may be missing.
    const log = stage === 'unknown' ? null : new LogState(file, descriptor)
    refuseNewer({ file, descriptor, log, key }, steps.length)
    const open = (): Database.Database => openDatabase(file, key)
    const database = log === null ? open() : noteOlder(file, log, open)
    let isOurs = false
    try {
      if (isBeingReplaced(file, descriptor)) throw new AppError('in-use', 'This profile is being repaired. Try again in a moment.')
      if (stage === 'made' && schemaVersion(database) === 0) throw gone()
      isOurs = true
      const store = assemble(options, database, { descriptor, log })
      if (stage === 'expected') markDatabaseMade(dir)
      return store
    } catch (thrown) {
      // SQLite removes its log now, which is no loss. What was known of the database stays known.
      const stamp = isOurs ? stampOf(database) : null
      log?.noteClosing()
      database.close()
      if (stamp !== null) log?.noteClosed(stamp)
      throw thrown
    }
  } catch (thrown) {
    descriptor.close()
    throw thrown
  }
}

function assemble(options: StoreOptions, database: Database.Database, beside: { descriptor: Descriptor; log: LogState | null }): OpenStore {
  const { file: path, key, steps = migrations, convert, clock = systemClock, random = systemRandom } = options
  const { descriptor, log } = beside
  const dir = dirname(path)
  const stamp = log === null ? null : new Stamp(log, readStamp(database), random)
  const older = notedOlder(dir)
  const noteOpen = (): void => log?.noteOpen(stamp?.now ?? '')
  // Where nothing has to be written it can be read on a full disk too: the note is made before the first thing that is.
  if (schemaVersion(database) < steps.length || older.length > 0) noteOpen()
  else diskTook(noteOpen)
  const beforeSteps = (): void => {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    snapshotBeforeMigration(path, descriptor, clock.now())
  }
  const migratedFrom = migrate(database, steps, beforeSteps, { convert })
  const damage = new DamageWatch(dir)
  const connection = new Connection(database, () => damage.found('page'))
  for (const [kind, handled] of older) {
    markPutBack(connection, random)
    damage.handled(kind, handled)
  }
  const renew = (): void => stamp?.renewOrOwe(connection)
  renew()
  const file = new OpenFile({ path, database, descriptor, log, key, damaged: () => damage.found('page'), copied: renew })
  const repositories = damage.over(createRepositories(connection))
  return {
    ...repositories,
    ...{ file, damage, migratedFrom },
    inspect: (sql, ...params) => connection.prepare(sql).all(...params) as Record<string, unknown>[],
    counts: () => countRows((sql) => connection.prepare(sql).get()),
    putBack: () => {
      stamp?.settle(connection)
      markPutBack(connection, random)
    },
    transaction: (work) => {
      stamp?.settle(connection)
      return connection.transaction(() => work(repositories))
    },
    changes: () => connection.changes,
    close: () => {
      if (!database.open) return
      try {
        file.beforeClose()
        connection.close()
      } finally {
        file.close(stamp?.now ?? '')
      }
    },
  }
}

/** Null where it can no longer say. */
function stampOf(database: Database.Database): string | null {
  try {
    return readStamp(database)
  } catch {
    return null
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
