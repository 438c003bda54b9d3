import type Database from 'better-sqlite3'
import type { Random } from '../../kernel/random.ts'
import { utf8 } from '../../kernel/bytes.ts'
import { diskTook } from '../key-file/disk-fault.ts'
import { bytes, row } from '../sqlite/columns.ts'
import type { Connection } from '../sqlite/connection.ts'
import { fromSqlite } from '../sqlite/sqlite-errors.ts'
import type { LogState } from './log-state.ts'

const STAMP = 'opened-as'
/** What a database says that never was open here. */
const NONE = 'none'

/**
 * A word in the database and beside it that changes whenever it is opened, closed or copied. An older copy that somebody put in
 * place by hand says another one than was noted last, and would use keys that were used already.
 */
export class Stamp {
  readonly #log: LogState
  readonly #random: Random
  #now: string
  #isOwed = false

  /** `database` as it was opened, before anything is written to it. */
  constructor(log: LogState, present: string, random: Random) {
    this.#log = log
    this.#random = random
    this.#now = present
  }

  get now(): string {
    return this.#now
  }

  /** Renews it, or, where the disk takes nothing, owes it: until `settle` nothing may be written, so every copy that has the old word is as good as this one. */
  renewOrOwe(connection: Connection): void {
    this.#isOwed = !diskTook(() => this.#renew(connection))
  }

  /** Before anything is written. Throws `AppError('disk')` while the disk takes nothing. */
  settle(connection: Connection): void {
    if (!this.#isOwed) return
    this.#renew(connection)
    this.#isOwed = false
  }

  /** Durable on return; either word is good until then, whatever interrupts it. */
  #renew(connection: Connection): void {
    const next = this.#random.id<string>()
    this.#log.noteOpen(this.#now, next)
    const write = connection.prepare('INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')
    connection.transaction(() => write.run(STAMP, utf8(next)))
    this.#now = next
  }
}

/** What the database says of itself; it may have no tables yet. Throws `AppError('unreadable')`. */
export function readStamp(database: Database.Database): string {
  try {
    if (database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'settings'").get() === undefined) return NONE
    // The table alone: a damaged index must not hide it.
    const found = database.prepare('SELECT value FROM settings NOT INDEXED WHERE key = ?').get(STAMP)
    return found === undefined ? NONE : new TextDecoder().decode(decode(found).value)
  } catch (thrown) {
    throw fromSqlite(thrown)
  }
}

const decode = row({ value: bytes })
