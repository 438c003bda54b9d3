import { InvariantError, invariant } from '../../../kernel/errors.ts'
import { everNew } from '../../../kernel/ever-new.ts'

/** Undo steps of the transaction under way; null outside one, when nothing may be written. */
export class Journal {
  #undo: (() => void)[] | null = null
  readonly #forgetters: ((groupId: string) => void)[] = []
  #changes = everNew()

  /** A table says how it forgets a group. */
  register(forget: (groupId: string) => void): void {
    this.#forgetters.push(forget)
  }

  forget(groupId: string): void {
    for (const forget of this.#forgetters) forget(groupId)
  }

  record(undo: () => void): void {
    if (this.#undo === null) throw new InvariantError('a write outside a transaction')
    this.#undo.push(undo)
    this.#changes = everNew()
  }

  transaction<T>(work: () => T): T {
    invariant(this.#undo === null, 'transactions do not nest')
    this.#undo = []
    try {
      const value = work()
      invariant(!(typeof value === 'object' && value !== null && 'then' in value), 'a transaction cannot wait')
      return value
    } catch (thrown) {
      for (const undo of this.#undo.reverse()) undo()
      this.#changes = everNew()
      throw thrown
    } finally {
      this.#undo = null
    }
  }

  /** Another number after each write, whether it lasts or not. */
  get changes(): number {
    return this.#changes
  }

  get active(): boolean {
    return this.#undo !== null
  }
}

/** Rows by key. What goes in and what comes out are copies, so that nobody can change a stored row. */
export class Table<Row extends object> {
  readonly #rows = new Map<string, Row>()
  readonly #journal: Journal

  constructor(journal: Journal) {
    this.#journal = journal
    journal.register((groupId) => this.#forget(groupId))
  }

  /** Rows of a group name it, or are under its name. */
  #forget(groupId: string): void {
    for (const [name, row] of [...this.#rows]) {
      if (name.split('\0')[0] !== groupId && Reflect.get(row, 'groupId') !== groupId) continue
      this.#remember(name)
      this.#rows.delete(name)
    }
  }

  has(...key: string[]): boolean {
    return this.#rows.has(keyOf(key))
  }

  get(...key: string[]): Row | null {
    const row = this.#rows.get(keyOf(key))
    return row === undefined ? null : copyOf(row)
  }

  set(row: Row, ...key: string[]): void {
    const name = keyOf(key)
    this.#remember(name)
    this.#rows.set(name, copyOf(row))
  }

  delete(...key: string[]): void {
    const name = keyOf(key)
    this.#remember(name)
    this.#rows.delete(name)
  }

  get size(): number {
    return this.#rows.size
  }

  count(matches: (row: Readonly<Row>) => boolean): number {
    return [...this.#rows.values()].filter(matches).length
  }

  /** Copies of the rows that match, in no promised order. */
  where(matches: (row: Readonly<Row>) => boolean): Row[] {
    return [...this.#rows.values()].filter(matches).map((row) => copyOf(row))
  }

  #remember(name: string): void {
    const before = this.#rows.get(name)
    this.#journal.record(() => {
      if (before === undefined) this.#rows.delete(name)
      else this.#rows.set(name, before)
    })
  }
}

/** Rows are plain values: this is `structuredClone` of those, many times as fast. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return new Uint8Array(value) as T & Uint8Array
  if (Array.isArray(value)) return value.map(copyOf) as T & unknown[]
  invariant(Object.getPrototypeOf(value) === Object.prototype, 'a row is made of plain values')
  const copy: Record<string, unknown> = {}
  for (const name in value) copy[name] = copyOf(value[name])
  return copy as T & object
}

const keyOf = (parts: readonly string[]): string => parts.join('\0')

type Sortable = string | number

/** Compares by each of the given values in turn, ascending. */
export const by =
  <Row>(...values: ((row: Row) => Sortable)[]) =>
  (a: Row, b: Row): number => {
    for (const value of values) {
      const [left, right] = [value(a), value(b)]
      if (left !== right) return left < right ? -1 : 1
    }
    return 0
  }
