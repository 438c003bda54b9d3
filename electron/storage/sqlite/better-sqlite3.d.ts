/** As much of better-sqlite3-multiple-ciphers 13 as is used here: its own types are hidden by its `exports` map. */
declare module 'better-sqlite3' {
  namespace Database {
    interface Statement {
      readonly readonly: boolean
      run(...params: unknown[]): { changes: number }
      get(...params: unknown[]): unknown
      all(...params: unknown[]): unknown[]
      iterate(...params: unknown[]): IterableIterator<unknown>
      pluck(): this
    }
    interface Database {
      readonly open: boolean
      readonly inTransaction: boolean
      prepare(sql: string): Statement
      exec(sql: string): this
      pragma(sql: string, options?: { simple: boolean }): unknown
      /** The bytes sqlite3_key() is given. */
      key(key: Buffer): number
      /** Lets SQL change the schema by hand: for tests that damage it. */
      unsafeMode(on: boolean): this
      close(): this
    }
    interface Options {
      fileMustExist?: boolean
      /** Milliseconds to wait for a lock. */
      timeout?: number
      nativeBinding?: string
    }
    interface SqliteError extends Error {
      readonly code: string
    }
  }
  const Database: {
    new (file: string, options?: Database.Options): Database.Database
    readonly prototype: Database.Database
    readonly SqliteError: new (message: string, code: string) => Database.SqliteError
  }
  export = Database
}
