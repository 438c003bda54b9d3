import Database from 'better-sqlite3'
import { InvariantError, invariant } from '../../kernel/errors.ts'
import type { Redacted } from '../../kernel/redacted.ts'
import { sqliteBinding } from './binding.ts'
import { fromSqlite } from './sqlite-errors.ts'

/** 256 bits, given to the cipher as they are: the key is random, so stretching it would only cost time. */
export const DATABASE_KEY_BYTES = 32

/** How long to wait for a previous owner that is closing right now. */
const LOCK_WAIT_MS = 250

/** Keeps the log from staying large after one large transaction. */
const WAL_KEEP_BYTES = 16 * 1024 * 1024

/**
 * Set before anything is read. The exclusive lock comes first: with it SQLite keeps the index of the log in memory,
 * so no unencrypted `-shm` file exists and a wrong key changes nothing on disk.
 */
const BEFORE_READING = ['locking_mode = EXCLUSIVE', 'temp_store = MEMORY', 'trusted_schema = OFF', 'cell_size_check = ON']

/** `fullfsync` asks macOS to reach the platter; elsewhere it does nothing. */
const AFTER_READING = [
  'synchronous = FULL',
  'fullfsync = ON',
  'checkpoint_fullfsync = ON',
  'foreign_keys = ON',
  'secure_delete = ON',
  `journal_size_limit = ${WAL_KEEP_BYTES}`,
]

/**
 * Opens (or, if the file is empty, makes) an encrypted database and holds it for this process alone until it is closed.
 * The file must exist. Throws `AppError`: 'in-use', 'unreadable' (another key, or damage), 'disk'. On failure nothing is left open.
 */
export function openDatabase(file: string, key: Redacted<Uint8Array>): Database.Database {
  const binding = sqliteBinding(process.versions['napi'], process.env)
  let database: Database.Database | undefined
  try {
    database = new Database(file, { fileMustExist: true, timeout: LOCK_WAIT_MS, ...(binding === null ? {} : { nativeBinding: binding }) })
    applyKey(database, key)
    for (const pragma of BEFORE_READING) database.pragma(pragma)
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
    requirePragma(database, 'journal_mode = WAL', 'wal')
    for (const pragma of AFTER_READING) database.pragma(pragma)
    // The exclusive lock is taken by the first write; take it now.
    database.exec('BEGIN EXCLUSIVE; COMMIT')
    return database
  } catch (thrown) {
    database?.close()
    throw fromSqlite(thrown)
  }
}

/** SQLCipher's format, version 4; see docs/decisions/0003-storage.md. */
function applyKey(database: Database.Database, key: Redacted<Uint8Array>): void {
  const secret = key.reveal()
  invariant(secret.length === DATABASE_KEY_BYTES, 'the database key has another length')
  requirePragma(database, "cipher = 'sqlcipher'", 'sqlcipher')
  requirePragma(database, 'legacy = 4', '4')
  const raw = Buffer.concat([Buffer.from('raw:'), secret])
  try {
    database.key(raw)
  } finally {
    raw.fill(0)
  }
}

function requirePragma(database: Database.Database, pragma: string, expected: string): void {
  const answer = database.pragma(pragma, { simple: true })
  if (String(answer) !== expected) throw new InvariantError(`SQLite did not accept "${pragma}"`)
}
