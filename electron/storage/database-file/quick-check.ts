import { setImmediate as turn } from 'node:timers/promises'
import { AppError } from '../../kernel/errors.ts'
import { type Work, stopIfCancelled } from '../../kernel/work.ts'
import type { TreeFault } from './database-file.ts'

type Rows = (sql: string) => Record<string, unknown>[]

/** "Tree 21 page 40: …": the tree's root is in the schema. */
const TREE = /^Tree (\d+) /
/** "row 3 missing from index x", "wrong # of entries in index x". */
const INDEX = / (?:from|in) index (\w+)/

/**
 * Which tables and indexes are damaged as `check` finds: structure only (`quick_check`), or also that each index says what its table says
 * (`integrity_check`, slower). Table by table, the event loop coming round in between. `rows` runs a statement and throws `AppError`.
 */
export async function quickCheck(rows: Rows, work: Work, check: 'quick_check' | 'integrity_check' = 'quick_check'): Promise<TreeFault[]> {
  const schema = rows("SELECT name, type, rootpage FROM sqlite_schema WHERE type IN ('table', 'index') AND rootpage > 0")
  const trees = new Map(schema.map((tree) => [Number(tree['rootpage']), faultOf(tree)]))
  const tables = schema.filter(({ type }) => type === 'table').map(({ name }) => String(name))
  const found = new Map<string, TreeFault>()
  for (const [done, table] of tables.entries()) {
    await turn()
    stopIfCancelled(work)
    for (const line of linesOf(rows, check, table)) {
      const fault = treeOf(line, trees) ?? { kind: 'table', name: table }
      found.set(fault.name, fault)
    }
    work.progress(done + 1, tables.length)
  }
  return [...found.values()]
}

const faultOf = ({ name, type }: Record<string, unknown>): TreeFault => ({ kind: type === 'index' ? 'index' : 'table', name: String(name) })

function treeOf(line: string, trees: ReadonlyMap<number, TreeFault>): TreeFault | undefined {
  const tree = TREE.exec(line)
  if (tree !== null) return trees.get(Number(tree[1]))
  const index = INDEX.exec(line)?.[1]
  return index === undefined ? undefined : { kind: 'index', name: index }
}

/** A page that cannot be read at all ends the check of its table with an error instead of an answer. */
function linesOf(rows: Rows, check: string, table: string): string[] {
  try {
    return rows(`PRAGMA ${check}('${table.replaceAll("'", "''")}')`)
      .flatMap((row) => String(Object.values(row)[0]).split('\n'))
      .filter((line) => line !== 'ok' && !line.startsWith('*** in database'))
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'unreadable') return ['unreadable']
    throw thrown
  }
}
