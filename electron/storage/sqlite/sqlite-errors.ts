import Database from 'better-sqlite3'
import { AppError, InvariantError } from '../../kernel/errors.ts'
import { FULL_WORDS, READ_ONLY_WORDS } from '../key-file/disk-fault.ts'

const DISK = /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|PERM|NOLFS|TOOBIG)/
const BUSY = /^SQLITE_(BUSY|LOCKED)/
const DAMAGED = /^SQLITE_(CORRUPT|NOTADB)/

function diskWords(code: string): string {
  if (code.startsWith('SQLITE_FULL')) return FULL_WORDS
  // SQLite opens a file for reading only where it may not write it, for want of the right to or on such a disk.
  if (code.startsWith('SQLITE_READONLY')) return READ_ONLY_WORDS
  return 'The disk is full or cannot be written. Nothing was changed by this step.'
}

/**
 * What SQLite threw, sorted by who must act. The result's message names no SQL, path or value;
 * the original is its cause. Anything that is not SQLite's is returned as it is.
 */
export function fromSqlite(thrown: unknown): unknown {
  if (!(thrown instanceof Database.SqliteError)) return thrown
  const options = { cause: thrown }
  if (DISK.test(thrown.code)) {
    return new AppError('disk', diskWords(thrown.code), options)
  }
  if (BUSY.test(thrown.code))
    return new AppError(
      'in-use',
      'This profile is open in another SpacePanda. If that one is only starting or ending, try again in a moment.',
      options,
    )
  if (DAMAGED.test(thrown.code)) {
    return new AppError('unreadable', 'The database is damaged or does not belong to this key. Nothing was changed.', options)
  }
  return new InvariantError(`database refused a statement (${thrown.code})`, options)
}
