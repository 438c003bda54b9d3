import { closeSync, openSync } from 'node:fs'
import Database from 'better-sqlite3'
import { systemRandom } from '../../kernel/random.ts'
import type { MailboxStore } from '../../ports/mailbox.ts'
import { sqliteBinding } from '../sqlite/binding.ts'
import { Connection } from '../sqlite/connection.ts'
import { fromSqlite } from '../sqlite/sqlite-errors.ts'
import { createMailboxTables } from './mailbox-tables.ts'

/** How long to wait for a previous owner that is closing right now. */
const LOCK_WAIT_MS = 250

/** `FULL`: a receipt is a promise, and is given only for what is on the disk. */
const PRAGMAS = [
  'locking_mode = EXCLUSIVE',
  'journal_mode = WAL',
  'synchronous = FULL',
  'fullfsync = ON',
  'checkpoint_fullfsync = ON',
  'trusted_schema = OFF',
  'cell_size_check = ON',
  'secure_delete = ON',
]

/** What is of another one is dropped: what a mailbox keeps is a copy, and thirty days old at most. */
const FORMAT = 2
const EMPTY = 'DROP TABLE IF EXISTS objects; DROP TABLE IF EXISTS tags;'
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS tags (tag BLOB PRIMARY KEY, bytes INTEGER NOT NULL, objects INTEGER NOT NULL, last INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS objects (
    id INTEGER PRIMARY KEY, tag BLOB NOT NULL, place INTEGER NOT NULL, mark BLOB NOT NULL, hash BLOB NOT NULL, bytes BLOB NOT NULL,
    size INTEGER NOT NULL, stored_at INTEGER NOT NULL, UNIQUE (tag, place), UNIQUE (tag, hash)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS objects_by_age ON objects (stored_at);
  PRAGMA user_version = ${FORMAT};
`

/**
 * Opens, or makes, what a mailbox keeps, and holds it for this process alone. It is not encrypted: all in it is ciphertext that
 * whoever runs the mailbox cannot read. Throws `AppError`: 'in-use', 'unreadable', 'disk'.
 */
export function openMailboxStore(file: string, random = systemRandom): MailboxStore {
  const binding = sqliteBinding(process.versions['napi'], process.env)
  let database: Database.Database | undefined
  try {
    makeFile(file)
    database = new Database(file, { fileMustExist: true, timeout: LOCK_WAIT_MS, ...(binding === null ? {} : { nativeBinding: binding }) })
    for (const pragma of PRAGMAS) database.pragma(pragma)
    database.exec('BEGIN EXCLUSIVE; COMMIT')
    const isOther = database.pragma('user_version', { simple: true }) !== FORMAT
    database.exec(`BEGIN; ${isOther ? EMPTY : ''} ${SCHEMA} COMMIT`)
    return createMailboxTables(new Connection(database), random)
  } catch (thrown) {
    database?.close()
    throw fromSqlite(thrown)
  }
}

/** For nobody else's eyes: sizes and times are of use to somebody. */
function makeFile(file: string): void {
  closeSync(openSync(file, 'a', 0o600))
}
