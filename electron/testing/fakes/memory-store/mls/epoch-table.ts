import type { Eid, GroupId } from '../../../../../shared/domain/ids.ts'
import { InvariantError, invariant } from '../../../../kernel/errors.ts'
import { toCbor } from '../../../../kernel/cbor.ts'
import { equalBytes } from '../../../../kernel/bytes.ts'
import { type Journal, Table } from '../table.ts'

interface Hanging {
  groupId: GroupId
  eid: Eid
}

/** Rows that hang on an epoch and go with it. Keys begin with group and epoch id. */
export class EpochTables {
  readonly #journal: Journal
  readonly #known: (groupId: GroupId, eid: Eid) => boolean
  readonly #drop: ((groupId: GroupId, eid: Eid) => void)[] = []

  constructor(journal: Journal, known: (groupId: GroupId, eid: Eid) => boolean) {
    this.#journal = journal
    this.#known = known
  }

  need(groupId: GroupId, eid: Eid): void {
    invariant(this.#known(groupId, eid), 'no such epoch')
  }

  /** `keyOf` gives what tells rows of one epoch apart. */
  table<Row extends Hanging>(keyOf: (row: Readonly<Row>) => string[]): EpochTable<Row> {
    const table = new EpochTable<Row>(this.#journal, this, keyOf)
    this.#drop.push((groupId, eid) => table.clear(groupId, eid))
    return table
  }

  drop(groupId: GroupId, eid: Eid): void {
    for (const drop of this.#drop) drop(groupId, eid)
  }
}

export class EpochTable<Row extends Hanging> {
  readonly #rows: Table<Row>
  readonly #epochs: EpochTables
  readonly #keyOf: (row: Readonly<Row>) => string[]

  constructor(journal: Journal, epochs: EpochTables, keyOf: (row: Readonly<Row>) => string[]) {
    this.#rows = new Table(journal)
    this.#epochs = epochs
    this.#keyOf = keyOf
  }

  get(groupId: GroupId, eid: Eid, ...key: string[]): Row | null {
    return this.#rows.get(groupId, eid, ...key)
  }

  of(groupId: GroupId, eid: Eid): Row[] {
    return this.#rows.where((row) => row.groupId === groupId && row.eid === eid)
  }

  set(row: Row): void {
    this.#epochs.need(row.groupId, row.eid)
    this.#rows.set(row, row.groupId, row.eid, ...this.#keyOf(row))
  }

  /** Answers whether it was new. */
  add(row: Row): boolean {
    this.#epochs.need(row.groupId, row.eid)
    if (this.#rows.has(row.groupId, row.eid, ...this.#keyOf(row))) return false
    this.set(row)
    return true
  }

  putOnce(row: Row): void {
    if (this.add(row)) return
    assertSame(this.get(row.groupId, row.eid, ...this.#keyOf(row)), row)
  }

  /** Answers whether it was there. */
  remove(groupId: GroupId, eid: Eid, ...key: string[]): boolean {
    const isThere = this.#rows.has(groupId, eid, ...key)
    this.#rows.delete(groupId, eid, ...key)
    return isThere
  }

  clear(groupId: GroupId, eid: Eid): void {
    for (const row of this.of(groupId, eid)) this.#rows.delete(groupId, eid, ...this.#keyOf(row))
  }

  ofGroup(groupId: GroupId): Row[] {
    return this.#rows.where((row) => row.groupId === groupId)
  }

  clearGroup(groupId: GroupId): void {
    for (const row of this.ofGroup(groupId)) this.#rows.delete(groupId, row.eid, ...this.#keyOf(row))
  }

  some(matches: (row: Readonly<Row>) => boolean): boolean {
    return this.#rows.count(matches) > 0
  }
}

export function assertSame(stored: object | null, wanted: object): void {
  if (stored === null || !equalBytes(toCbor(stored), toCbor(wanted)))
    throw new InvariantError('another value in place of one that is written once')
}
