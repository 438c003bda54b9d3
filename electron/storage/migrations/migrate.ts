import type Database from 'better-sqlite3'
import { AppError, invariant } from '../../kernel/errors.ts'
import { newerProfile } from '../newer-profile.ts'
import { fromSqlite } from '../sqlite/sqlite-errors.ts'
import type { Migration, MigrationTools } from './migration.ts'

/** "SPND": tells our databases from other SQLite files that happen to open with the key. */
export const APPLICATION_ID = 0x53504e44

/** The schema's version; 0 for a database in which no step was ever finished. Changes nothing. */
export function schemaVersion(database: Database.Database): number {
  const version = database.pragma('user_version', { simple: true })
  invariant(typeof version === 'number', 'user_version is a number')
  return version
}

/**
 * Brings a database to the newest version, in one transaction: whatever interrupts or fails leaves it whole and as old as it was.
 * `before` is called first, where there are rows to lose. Answers the version it had; null if it was the newest, or had none.
 * Throws `AppError`, having changed nothing: 'newer-profile', 'unreadable' (another program's, or damage), 'disk', 'upgrade-failed' (a step of ours fails on it).
 */
export function migrate(
  database: Database.Database,
  steps: readonly Migration[],
  before: () => void = () => undefined,
  tools: MigrationTools = {},
): number | null {
  steps.forEach((step, index) => invariant(step.version === index + 1, 'migrations are numbered 1, 2, 3…'))
  try {
    refuseForeign(database, steps.length)
    const version = schemaVersion(database)
    const missing = steps.slice(version)
    if (missing.length === 0) return null
    if (version > 0) before()
    runSteps(database, missing, tools)
    return version === 0 ? null : version
  } catch (thrown) {
    throw fromSqlite(thrown)
  }
}

function refuseForeign(database: Database.Database, newest: number): void {
  const version = schemaVersion(database)
  const application = database.pragma('application_id', { simple: true })
  if (version > newest) throw newerProfile()
  const tables = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get()
  const isOurs = application === APPLICATION_ID && version > 0
  const isEmpty = application === 0 && version === 0 && tables === 0
  if (!isOurs && !isEmpty) throw new AppError('unreadable', 'The database file is not one of SpacePanda. Nothing was changed.')
}

function runSteps(database: Database.Database, steps: readonly Migration[], tools: MigrationTools): void {
  database.exec('BEGIN EXCLUSIVE')
  try {
    for (const step of steps) {
      step.up(database, tools)
      database.pragma(`user_version = ${step.version}`)
    }
    database.pragma(`application_id = ${APPLICATION_ID}`)
    database.exec('COMMIT')
  } catch (thrown) {
    if (database.inTransaction) database.exec('ROLLBACK')
    const fault = fromSqlite(thrown)
    throw fault instanceof AppError ? fault : upgradeFailed(fault)
  }
}

/** A defect of ours, or a state of a profile that nobody thought of: what a person can do about it is the same. */
const upgradeFailed = (cause: unknown): AppError =>
  new AppError(
    'upgrade-failed',
    'This version of SpacePanda could not bring your profile up to date, and left it as it was, with every message in it. Try again; if it fails again, install the version you had before, which still opens it.',
    { cause },
  )
