import type Database from 'better-sqlite3'
import { toHex } from '../../kernel/bytes.ts'
import type { Connection } from '../sqlite/connection.ts'
import { type Row, readRows, tablesOf } from './read-rows.ts'

/** Where a group's own rows are, those that others refer to first. */
const OF_HISTORY = ['groups', 'spaces', 'channels', 'members', 'senders'] as const
const OF_GROUP = [
  ...OF_HISTORY,
  'identities',
  'peers',
  'invitation_links',
  'invitation_grants',
  'mls_signature_keys',
  'mls_key_packages',
] as const
/** Rows that hang on an epoch. */
const OF_EPOCH = [
  'mls_group_contexts',
  'mls_ratchet_trees',
  'mls_key_schedules',
  'mls_confirmations',
  'mls_own_leaves',
  'mls_path_keys',
  'mls_secret_trees',
  'mls_tree_secrets',
  'mls_ratchets',
  'mls_skipped_keys',
  'mls_proposals',
  'mls_exporter_uses',
] as const

/**
 * Brings groups over that an older copy does not know: joined or founded since it was made. Their keys only where everything about
 * them can be read, for half a state is of no use; without them what was said there can be read still. Answers how many.
 * Both databases have the same schema.
 */
export function mergeGroups(source: Database.Database, connection: Connection): number {
  const known = new Set(
    connection
      .prepare('SELECT group_id FROM groups')
      .all()
      .map((row) => hexOf((row as Row)['group_id'])),
  )
  const { tables, isWhole } = readAll(source)
  const rowsOf = (table: string): Row[] => tables.get(table) ?? []
  const named = new Set(rowsOf('spaces').map((row) => hexOf(row['group_id'])))
  const added = rowsOf('groups').filter((row) => !known.has(hexOf(row['group_id'])) && named.has(hexOf(row['group_id'])))
  if (added.length === 0) return 0
  const ids = new Set(added.map((row) => hexOf(row['group_id'])))
  connection.transaction(() => {
    for (const table of isWhole ? OF_GROUP : OF_HISTORY)
      insertAll(
        connection,
        table,
        rowsOf(table).filter((row) => ids.has(hexOf(row['group_id']))),
      )
    if (isWhole) insertEpochs(connection, tables, ids)
  })
  return added.length
}

/** Numbers of epochs are each database's own, so they get new ones. */
function insertEpochs(connection: Connection, tables: ReadonlyMap<string, Row[]>, ids: ReadonlySet<string>): void {
  const newest = connection.prepare('SELECT ifnull(max(id), 0) AS id FROM mls_epochs').get() as { id: number }
  const epochs = (tables.get('mls_epochs') ?? []).filter((row) => ids.has(hexOf(row['group_id'])))
  const numbers = new Map(epochs.map((row, index) => [Number(row['id']), newest.id + 1 + index]))
  insertAll(
    connection,
    'mls_epochs',
    epochs.map((row) => ({ ...row, id: numbers.get(Number(row['id'])) ?? null })),
  )
  for (const table of OF_EPOCH) {
    const rows = (tables.get(table) ?? []).flatMap((row) => {
      const { position: _position, ...rest } = row
      const epoch = numbers.get(Number(row['epoch_id']))
      return epoch === undefined ? [] : [{ ...rest, epoch_id: epoch }]
    })
    insertAll(connection, table, rows)
  }
}

/** All that can be read of them; not whole where any of them has a hole. */
function readAll(source: Database.Database): { tables: Map<string, Row[]>; isWhole: boolean } {
  const wanted = new Set<string>([...OF_GROUP, ...OF_EPOCH, 'mls_epochs'])
  const tables = new Map<string, Row[]>()
  let complete = 0
  for (const table of tablesOf(source).filter(({ name }) => wanted.has(name))) {
    const reading = readRows(source, table)
    tables.set(table.name, [...reading.batches()].flat())
    if (reading.complete) complete += 1
  }
  return { tables, isWhole: complete === wanted.size }
}

function insertAll(connection: Connection, table: string, rows: readonly Row[]): void {
  const [first] = rows
  if (first === undefined) return
  const columns = Object.keys(first)
  const names = columns.map((name) => `"${name}"`).join(', ')
  const insert = connection.prepare(`INSERT INTO "${table}" (${names}) VALUES (${columns.map(() => '?').join(', ')})`)
  for (const row of rows) insert.run(...columns.map((name) => bindable(row[name])))
}

const bindable = (value: Row[string] | undefined): string | number | Uint8Array | null =>
  value === undefined ? null : typeof value === 'bigint' ? Number(value) : value

const hexOf = (value: unknown): string => (value instanceof Uint8Array ? toHex(new Uint8Array(value)) : '')
