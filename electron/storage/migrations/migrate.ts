import type Database from 'better-sqlite3'
import { AppError, invariant } from '../../kernel/errors.ts'
import { fromSqlite } from '../sqlite/sqlite-errors.ts'
import type { Migration } from './migration.ts'

/** "SPND": tells our databases from other SQLite files that happen to open with the key. */
export const APPLICATION_ID = 0x53504e44

/** The schema's version; 0 for a database in which no step was ever finished. Changes nothing. */
export function schemaVersion(database: Database.Database): number {
  const version = database.pragma('user_version', { simple: true })
  invariant(typeof version === 'number', 'user_version is a number')
  return version
}

/**
 * Brings a database to the newest version, one transaction for each step, so that whatever interrupts it leaves a whole older version.
 * Throws `AppError('unreadable')`, having changed nothing, when the database is another program's or a newer SpacePanda's.
 */
export function migrate(database: Database.Database, steps: readonly Migration[]): void {
  steps.forEach((step, index) => invariant(step.version === index + 1, 'migrations are numbered 1, 2, 3…'))
  try {
    refuseForeign(database, steps.length)
    for (const step of steps.slice(schemaVersion(database))) runStep(database, step)
  } catch (thrown) {
    throw fromSqlite(thrown)
  }
}

function refuseForeign(database: Database.Database, newest: number): void {
  const version = schemaVersion(database)
  const application = database.pragma('application_id', { simple: true })
  if (version > newest) {
    throw new AppError(
      'unreadable',
      'This profile was written by a newer SpacePanda. Install that version or a later one to open it; nothing was changed.',
    )
  }
  const tables = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get()
  const isOurs = application === APPLICATION_ID && version > 0
  const isEmpty = application === 0 && version === 0 && tables === 0
  if (!isOurs && !isEmpty) throw new AppError('unreadable', 'The database file is not one of SpacePanda. Nothing was changed.')
}

function runStep(database: Database.Database, step: Migration): void {
  database.exec('BEGIN EXCLUSIVE')
  try {
    step.up(database)
    database.pragma(`application_id = ${APPLICATION_ID}`)
    database.pragma(`user_version = ${step.version}`)
    database.exec('COMMIT')
  } catch (thrown) {
    if (database.inTransaction) database.exec('ROLLBACK')
    throw thrown
  }
}
