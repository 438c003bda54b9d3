import type { MlsConversion } from '../../ports/mls-storage.ts'

/** One step of the schema. Never edited once it has shipped: what comes later is a step of its own. */
export interface Migration {
  /** The `user_version` after this step: 1, 2, 3… without gaps. */
  version: number
  /** Runs inside the step's transaction, with statements only (no BEGIN, COMMIT, VACUUM). */
  up(database: MigrationTarget, tools: MigrationTools): void
}

/** What steps need from outside: storage does not know what is in some of its bytes. */
export interface MigrationTools {
  /** Needed only where there is MLS state of schema 1. */
  convert?: MlsConversion | undefined
}

/** As much of a database as a step needs. */
export interface MigrationTarget {
  exec(sql: string): unknown
  prepare(sql: string): { run(...params: unknown[]): unknown; all(...params: unknown[]): unknown[] }
}
