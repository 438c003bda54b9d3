import type Database from 'better-sqlite3'
import { setImmediate as turn } from 'node:timers/promises'
import type { Redacted } from '../../kernel/redacted.ts'
import { type Work, stopIfCancelled } from '../../kernel/work.ts'
import { touchDurably } from '../key-file/durable-file.ts'
import { migrate, schemaVersion } from '../migrations/migrate.ts'
import type { Migration } from '../migrations/migration.ts'
import { openDatabase } from '../sqlite/open-database.ts'
import { fromSqlite } from '../sqlite/sqlite-errors.ts'
import { type Reading, type Row, readRows, tablesOf } from './read-rows.ts'
import { GIVE_STAND_INS } from './stand-ins.ts'

export interface Rebuilt {
  /** Tables of which something could not be read. */
  holes: string[]
  rows: number
}

/** Made by the schema itself, or from what other tables say. */
const NOT_COPIED = new Set(['search_state'])

/**
 * Copies every row that can be read into a new database of the same schema: indexes and free pages come out new.
 * Nothing is left of rows that hang on others that are lost, but every message is.
 */
export async function rebuild(
  source: Database.Database,
  target: { file: string; key: Redacted<Uint8Array> },
  steps: readonly Migration[],
  work: Work,
): Promise<Rebuilt> {
  touchDurably(target.file)
  const database = openDatabase(target.file, target.key)
  try {
    migrate(database, steps.slice(0, schemaVersion(source)))
    database.pragma('foreign_keys = OFF')
    const rebuilt: Rebuilt = { holes: [], rows: 0 }
    for (const table of tablesOf(source)) {
      if (NOT_COPIED.has(table.name)) continue
      const reading = readRows(source, table)
      rebuilt.rows += await copyRows(database, table.name, reading, {
        ...work,
        progress: (done) => work.progress(rebuilt.rows + done, null),
      })
      if (!reading.complete) rebuilt.holes.push(table.name)
    }
    database.exec(GIVE_STAND_INS)
    if (schemaVersion(source) === 1) for (const sql of HALVES_1) database.exec(sql)
    dropDangling(database)
    return rebuilt
  } catch (thrown) {
    throw fromSqlite(thrown)
  } finally {
    database.close()
  }
}

async function copyRows(database: Database.Database, table: string, reading: Reading, work: Work): Promise<number> {
  let count = 0
  for (const rows of reading.batches()) {
    await turn()
    stopIfCancelled(work)
    insertRows(database, table, rows)
    count += rows.length
    work.progress(count, null)
  }
  return count
}

/** In one transaction. Rows that break a rule of the schema are left out: they were damaged. */
export function insertRows(database: Database.Database, table: string, rows: readonly Row[]): void {
  const [first] = rows
  if (first === undefined) return
  const columns = Object.keys(first)
  const names = columns.map((name) => `"${name}"`).join(', ')
  const insert = database.prepare(`INSERT OR IGNORE INTO "${table}" (${names}) VALUES (${columns.map(() => '?').join(', ')})`)
  database.exec('BEGIN')
  try {
    for (const row of rows) insert.run(...columns.map((name) => row[name]))
    database.exec('COMMIT')
  } catch (thrown) {
    if (database.inTransaction) database.exec('ROLLBACK')
    throw thrown
  }
}

/** Until nothing refers to what is not there. */
function dropDangling(database: Database.Database): void {
  for (;;) {
    const violations = database.prepare('SELECT "table" AS child, rowid AS row, parent, fkid FROM pragma_foreign_key_check').all() as Row[]
    if (violations.length === 0) return
    for (const child of new Set(violations.map((violation) => String(violation['child'])))) dropOrphans(database, child)
  }
}

function dropOrphans(database: Database.Database, child: string): void {
  const keys = database
    .prepare(
      `SELECT id, "table" AS parent, seq, "from" AS source, "to" AS target FROM pragma_foreign_key_list('${child}') ORDER BY id, seq`,
    )
    .all() as Row[]
  for (const id of new Set(keys.map((key) => key['id']))) {
    const columns = keys.filter((key) => key['id'] === id)
    const parent = String(columns[0]?.['parent'])
    const sources = columns.map(({ source }) => `"${String(source)}"`)
    const targets = columns.map(({ target, seq }) => `"${target === null ? primaryKey(database, parent, Number(seq)) : String(target)}"`)
    database.exec(`DELETE FROM "${child}" WHERE (${sources.join(', ')}) NOT IN (SELECT ${targets.join(', ')} FROM "${parent}")`)
  }
}

function primaryKey(database: Database.Database, table: string, seq: number): string {
  const [key] = database.prepare(`SELECT name FROM pragma_table_info('${table}') WHERE pk = ?`).all(seq + 1) as Row[]
  return String(key?.['name'])
}

/** An epoch of schema 1 without one of its halves is of no use, and nothing of the profile would be converted. */
const HALVES_1 = ['epoch_fixed_parts', 'epoch_moving_parts'].map(
  (half) => `DELETE FROM epochs WHERE (group_id, eid) NOT IN (SELECT group_id, eid FROM ${half})`,
)
