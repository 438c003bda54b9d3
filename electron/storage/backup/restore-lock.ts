import Database from 'better-sqlite3'
import { rmSync } from 'node:fs'
import { AppError } from '../../kernel/errors.ts'
import { touchDurably } from '../key-file/durable-file.ts'
import { sqliteBinding } from '../sqlite/binding.ts'
import { fromSqlite } from '../sqlite/sqlite-errors.ts'
import { lockPath } from './staging.ts'

/**
 * Keeps other processes from restoring into the folder at the same time; answers how to let them again.
 * It is SQLite's lock on an empty file: the operating system takes it back from a process that dies.
 * Throws `AppError('in-use' | 'disk')`.
 */
export function lockForRestore(dir: string): () => void {
  const file = lockPath(dir)
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
    if (fault instanceof AppError && fault.code === 'in-use') {
      throw new AppError('in-use', 'A backup is being restored into this folder already.', { cause: thrown })
    }
    throw fault
  }
  const held = database
  return () => {
    held.close()
    rmSync(file, { force: true })
  }
}
