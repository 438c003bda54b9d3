import Database from 'better-sqlite3'
import { existsSync, rmSync, statSync } from 'node:fs'
import { AppError } from '../../kernel/errors.ts'
import { touchDurably } from '../key-file/durable-file.ts'
import { sqliteBinding } from './binding.ts'
import { fromSqlite } from './sqlite-errors.ts'

/**
 * Holds a file for this process alone; answers how to let go. It is SQLite's lock on an empty file: the operating system takes it
 * back from a process that dies. Throws `AppError('in-use')` with these words, or 'disk'.
 */
export function holdLockFile(file: string, busy: string): () => void {
  // Opened and closed it would give up the lock if this process holds it, as for the database (see `Descriptor`).
  if (!existsSync(file)) touchDurably(file)
  const found = identityOf(file)
  const binding = sqliteBinding(process.versions['napi'], process.env)
  // Who held it until just now removed it: then this one is nobody's, and the next one makes another.
  const isGone = (): boolean => found === null || identityOf(file) !== found
  let database: Database.Database | undefined
  try {
    database = new Database(file, { fileMustExist: true, timeout: 0, ...(binding === null ? {} : { nativeBinding: binding }) })
    database.pragma('journal_mode = MEMORY')
    database.exec('BEGIN EXCLUSIVE')
    if (isGone()) throw new AppError('in-use', busy)
  } catch (thrown) {
    database?.close()
    const fault = fromSqlite(thrown)
    const isBusy = isGone() || (fault instanceof AppError && fault.code === 'in-use')
    throw isBusy ? new AppError('in-use', busy, { cause: thrown }) : fault
  }
  const held = database
  return () => {
    // While it is held, so that nobody holds it from then on; Windows removes no file that is open.
    const isRemoved = remove(file)
    held.close()
    if (!isRemoved) remove(file)
  }
}

function identityOf(file: string): string | null {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false })
  return found === undefined ? null : `${found.dev}:${found.ino}`
}

/** One that stays is empty and harms nobody. */
function remove(file: string): boolean {
  try {
    rmSync(file, { force: true })
    return true
  } catch {
    return false
  }
}
