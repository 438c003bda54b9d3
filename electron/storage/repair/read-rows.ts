import type Database from 'better-sqlite3'
import { AppError } from '../../kernel/errors.ts'
import { fromSqlite } from '../sqlite/sqlite-errors.ts'

export type Row = Record<string, string | number | bigint | Uint8Array | null>

/** What can be read of a table; `complete` once all of it was given out. */
export interface Reading {
  /** In batches, so that the event loop can come round between them. */
  batches(): Generator<Row[]>
  /** Known when `batches` has ended. */
  readonly complete: boolean
}

interface Table {
  name: string
  columns: readonly string[]
  /** Columns of the primary key of a table without row ids; null for the others. */
  key: readonly string[] | null
}

const BATCH = 500
const ROW_ID = '__row_id'
/** Row ids are looked for one by one so far past a page that cannot be read; then in growing steps. */
const NEAR = 256
const LAST_ROW_ID = Number.MAX_SAFE_INTEGER

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Tables with rows of their own, in an order in which what is referred to comes first. Without those of the search index, which is made anew. */
export function tablesOf(database: Database.Database): Table[] {
  const listed = all(
    database,
    "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'message_search%'",
  )
  return listed.map(({ name, wr }) => {
    const columns = all(database, `SELECT name, pk FROM pragma_table_info(${literal(String(name))})`)
    const key = columns.filter(({ pk }) => Number(pk) > 0).sort((a, b) => Number(a['pk']) - Number(b['pk']))
    const names = columns.map((column) => String(column['name']))
    return { name: String(name), columns: names, key: wr === 1 ? key.map((column) => String(column['name'])) : null }
  })
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** Reads around what is damaged. Throws nothing for damage; a table of which nothing can be read gives nothing. */
export function readRows(database: Database.Database, table: Table): Reading {
  return table.key === null ? new RowIdReading(database, table) : new KeyReading(database, table, table.key)
}

function all(database: Database.Database, sql: string, ...params: unknown[]): Row[] {
  try {
    return database.prepare(sql).all(...params) as Row[]
  } catch (thrown) {
    throw fromSqlite(thrown)
  }
}

/** Null where it cannot be read. Whatever else goes wrong is thrown. */
function attempt(read: () => Row[]): Row[] | null {
  try {
    return read()
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'unreadable') return null
    throw thrown
  }
}

class RowIdReading implements Reading {
  complete = false
  readonly #database: Database.Database
  readonly #table: Table
  readonly #select: string

  constructor(database: Database.Database, table: Table) {
    this.#database = database
    this.#table = table
    this.#select = `SELECT rowid AS ${ROW_ID}, ${table.columns.map(quoted).join(', ')} FROM ${quoted(table.name)} NOT INDEXED`
  }

  *batches(): Generator<Row[]> {
    const next = `${this.#select} WHERE rowid > CAST(? AS INTEGER) ORDER BY rowid LIMIT CAST(? AS INTEGER)`
    let after = -LAST_ROW_ID
    for (;;) {
      const rows = attempt(() => all(this.#database, next, after, BATCH))
      if (rows === null) break
      yield rows.map(withoutRowId)
      const last = rows.at(-1)
      if (last === undefined) {
        this.complete = true
        return
      }
      after = rowIdOf(last)
    }
    yield* this.#oneByOne(after)
  }

  /** From where a page could not be read: every row whose id an index knows, and what lies close behind each hole. */
  *#oneByOne(after: number): Generator<Row[]> {
    const one = `${this.#select} WHERE rowid = CAST(? AS INTEGER)`
    const found = new Set<number>()
    const ids = [...this.#idsFromIndexes()].filter((id) => id > after).sort((a, b) => a - b)
    for (let at = 0; at < ids.length; at += BATCH) {
      const rows = ids.slice(at, at + BATCH).flatMap((id) => attempt(() => all(this.#database, one, id)) ?? [])
      for (const row of rows) found.add(rowIdOf(row))
      yield rows.map(withoutRowId)
    }
    yield* this.#probe(after, found)
  }

  #idsFromIndexes(): Set<number> {
    const ids = new Set<number>()
    const indexes = attempt(() => all(this.#database, `SELECT name FROM pragma_index_list(${literal(this.#table.name)}) WHERE partial = 0`))
    for (const { name } of indexes ?? []) {
      const hint = String(name).startsWith('sqlite_autoindex') ? quoted(String(name)) : String(name)
      attempt(() => {
        const sql = `SELECT rowid AS ${ROW_ID} FROM ${quoted(this.#table.name)} INDEXED BY ${hint}`
        try {
          for (const row of this.#database.prepare(sql).iterate()) ids.add(rowIdOf(row as Row))
        } catch (thrown) {
          throw fromSqlite(thrown)
        }
        return []
      })
    }
    return ids
  }

  /** Reads on behind each hole, wherever reading works again. */
  *#probe(after: number, found: ReadonlySet<number>): Generator<Row[]> {
    const next = `${this.#select} WHERE rowid > CAST(? AS INTEGER) ORDER BY rowid LIMIT 1`
    let step = 1
    let tried = 0
    while (after < LAST_ROW_ID) {
      const rows = attempt(() => all(this.#database, next, after))
      const [row] = rows ?? []
      if (rows !== null && row === undefined) return
      if (row === undefined) {
        tried += 1
        step = tried <= NEAR ? 1 : step * 2
        after += step
      } else {
        tried = 0
        step = 1
        after = rowIdOf(row)
        if (!found.has(after)) yield [withoutRowId(row)]
      }
    }
  }
}

/** Tables without row ids are small or hang on others: they are read from both ends. */
class KeyReading implements Reading {
  complete = false
  readonly #database: Database.Database
  readonly #select: string
  readonly #key: readonly string[]

  constructor(database: Database.Database, { name, columns }: Table, key: readonly string[]) {
    this.#database = database
    this.#key = key
    this.#select = `SELECT ${columns.map(quoted).join(', ')} FROM ${quoted(name)}`
  }

  *batches(): Generator<Row[]> {
    let last: Row | undefined
    let size = BATCH
    for (;;) {
      const rows = attempt(() => this.#from(last, 'ASC', size))
      // Smaller ones reach the last row before the hole.
      if (rows === null && size > 1) size = 1
      else if (rows === null) break
      else {
        yield rows
        last = rows.at(-1) ?? last
        if (rows.length === 0) {
          this.complete = true
          return
        }
      }
    }
    yield* this.#backwards()
  }

  *#backwards(): Generator<Row[]> {
    let last: Row | undefined
    for (;;) {
      const rows = attempt(() => this.#from(last, 'DESC', 1))
      if (rows === null || rows.length === 0) return
      last = rows.at(-1)
      yield rows
    }
  }

  #from(last: Row | undefined, order: 'ASC' | 'DESC', limit: number): Row[] {
    const columns = this.#key.map(quoted)
    const sorted = columns.map((column) => `${column} ${order}`).join(', ')
    const where =
      last === undefined ? '' : `WHERE (${columns.join(', ')}) ${order === 'ASC' ? '>' : '<'} (${columns.map(() => '?').join(', ')})`
    const params = last === undefined ? [] : this.#key.map((column) => last[column])
    return all(this.#database, `${this.#select} ${where} ORDER BY ${sorted} LIMIT ${limit}`, ...params)
  }
}

const rowIdOf = (row: Row): number => Number(row[ROW_ID])

function withoutRowId(row: Row): Row {
  const { [ROW_ID]: _id, ...columns } = row
  return columns
}
