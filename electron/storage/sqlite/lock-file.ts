import Database from 'better-sqlite3'
import { rmSync } from 'node:fs'
import { AppError } from '../../kernel/errors.ts'
import { touchDurably } from '../key-file/durable-file.ts'
import { sqliteBinding } from './binding.ts'
import { fromSqlite } from './sqlite-errors.ts'

/**
 * Holds a file for this process alone; answers how to let go. It is SQLite's lock on an empty file: the operating system takes it
 * back from a process that dies. Throws `AppError('in-use')` with these words, or 'disk'.
 */
export function holdLockFile(file: string, busy: string): () => void {
  touchDurably(file)
  const binding = sqliteBinding(process.versions['napi'], process.env)
  let database: Database.Database | undefined
  try {
    database = new Database(file, { fileMustExist: true, timeout: 0, ...(binding === null ? {} : { nativeBinding: binding }) })
    database.pragma('journal_mode = MEMORY')
    database.exec('BEGIN EXCLUSIVE')
  } catch (thrown) {
    database?.close()
    const fault = fromSqlite(thrown)
    throw fault instanceof AppError && fault.code === 'in-use' ? new AppError('in-use', busy, { cause: thrown }) : fault
  }
  const held = database
  return () => {
    held.close()
    rmSync(file, { force: true })
  }
}
