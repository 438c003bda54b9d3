import { equalBytes } from '../../../kernel/bytes.ts'
import { invariant } from '../../../kernel/errors.ts'
import { type Decoder, optional } from '../../sqlite/columns.ts'
import type { Bindable, Connection } from '../../sqlite/connection.ts'

/** A value that is written once: the same again does nothing, another throws `InvariantError`. */
export interface WriteOnce<T extends object> {
  put(key: readonly Bindable[], value: T): void
  get(key: readonly Bindable[]): T | null
}

interface Sql {
  /** Parameters: the key, then what `bind` makes of the value. Does nothing where the key is taken. */
  insert: string
  /** Parameters: the key. Columns: the fields of the value. */
  select: string
}

export function writeOnce<T extends object>(db: Connection, sql: Sql, decode: Decoder<T>, bind: (value: T) => Bindable[]): WriteOnce<T> {
  const insert = db.prepare(sql.insert)
  const select = db.prepare(sql.select)
  const get: WriteOnce<T>['get'] = (key) => optional(decode, select.get(...key))
  return {
    get,
    put: (key, value) => {
      const wanted = bind(value)
      if (insert.run(...key, ...wanted) === 1) return
      const stored = get(key)
      const isSame = stored !== null && bind(stored).every((column, i) => isEqual(column, wanted[i]))
      invariant(isSame, 'another value in place of one that is written once')
    },
  }
}

const isEqual = (a: Bindable, b: Bindable | undefined): boolean =>
  a instanceof Uint8Array && b instanceof Uint8Array ? equalBytes(a, b) : a === b
