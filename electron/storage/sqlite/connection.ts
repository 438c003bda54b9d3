import type Database from 'better-sqlite3'
import { AppError, invariant } from '../../kernel/errors.ts'
import { everNew } from '../../kernel/ever-new.ts'
import { fromSqlite } from './sqlite-errors.ts'

export type Bindable = string | number | Uint8Array | null

/** A prepared statement. All three throw `AppError` or `InvariantError`, never an error of SQLite's own. */
export interface Statement {
  /** Answers how many rows changed. */
  run(...params: Bindable[]): number
  /** The first row, or undefined. */
  get(...params: Bindable[]): unknown
  all(...params: Bindable[]): unknown[]
}

/** One open database with the rule that writes happen inside `transaction` only. */
export class Connection {
  readonly #database: Database.Database
  readonly #begin: Database.Statement
  readonly #commit: Database.Statement
  readonly #rollback: Database.Statement
  readonly #unreadable: () => void
  #inTransaction = false
  /** The first write that failed. Its transaction must not commit, even if the failure was caught. */
  #failed: { error: unknown } | null = null
  #changes = everNew()

  /** `unreadable` is called whenever SQLite finds the database damaged. */
  constructor(database: Database.Database, unreadable: () => void = () => undefined) {
    this.#database = database
    this.#unreadable = unreadable
    this.#begin = database.prepare('BEGIN IMMEDIATE')
    this.#commit = database.prepare('COMMIT')
    this.#rollback = database.prepare('ROLLBACK')
  }

  prepare(sql: string): Statement {
    const statement = this.#guard(() => this.#database.prepare(sql), false)
    const writes = !statement.readonly
    return {
      run: (...params) => this.#guard(() => statement.run(...params).changes, writes),
      get: (...params) => this.#guard(() => statement.get(...params), writes),
      all: (...params) => this.#guard(() => statement.all(...params), writes),
    }
  }

  /** For what writes only sometimes, so that it fails outside a transaction every time. */
  assertWriting(): void {
    this.#assertOpen()
    invariant(this.#inTransaction, 'a write outside a transaction')
  }

  /** All or nothing, durable on return. Throws what `work` threw. */
  transaction<T>(work: () => T): T {
    this.#assertOpen()
    invariant(!this.#inTransaction, 'transactions do not nest')
    this.#native(() => this.#begin.run())
    this.#inTransaction = true
    this.#failed = null
    try {
      const value = work()
      invariant(!isThenable(value), 'a transaction cannot wait')
      this.#finish()
      return value
    } catch (thrown) {
      // A full disk may have made SQLite roll back by itself.
      this.#changes = everNew()
      if (this.#database.inTransaction) this.#native(() => this.#rollback.run())
      throw thrown
    } finally {
      this.#inTransaction = false
    }
  }

  /** Another number after each write, whether it lasts or not. */
  get changes(): number {
    this.#assertOpen()
    return this.#changes
  }

  /** Writes what is in the log into the database file. Safe to call twice. */
  close(): void {
    invariant(!this.#inTransaction, 'closed inside a transaction')
    if (this.#database.open) this.#native(() => this.#database.close())
  }

  #finish(): void {
    if (this.#failed !== null) throw this.#failed.error
    this.#native(() => this.#commit.run())
  }

  #guard<T>(call: () => T, writes: boolean): T {
    this.#assertOpen()
    if (!writes) return this.#native(call)
    this.assertWriting()
    this.#changes = everNew()
    try {
      return this.#native(call)
    } catch (thrown) {
      this.#failed ??= { error: thrown }
      throw thrown
    }
  }

  #native<T>(call: () => T): T {
    try {
      return call()
    } catch (thrown) {
      const fault = fromSqlite(thrown)
      if (fault instanceof AppError && fault.code === 'unreadable') this.#unreadable()
      throw fault
    }
  }

  #assertOpen(): void {
    if (!this.#database.open) throw new AppError('stopping', 'The profile is closed.')
  }
}

const isThenable = (value: unknown): boolean => typeof value === 'object' && value !== null && 'then' in value
