import type Database from 'better-sqlite3'
import { dirname } from 'node:path'
import { AppError } from '../../kernel/errors.ts'
import { type DamageKind, noteForCertain, readDamage, removeDamage } from './damage-note.ts'
import { type LogState, setLogAside } from './log-state.ts'
import { readStamp } from './stamp.ts'

/** What says that a database is older than what was last done with it, until its groups were marked for it; and what stands there after. */
export const OLDER = [
  ['log', 'log-handled'],
  ['set-back', 'set-back-handled'],
] as const satisfies readonly (readonly [DamageKind, DamageKind])[]

/**
 * Runs `open`, which opens the database, and notes what only before and just after that can be told: that its log is missing or
 * another's, that it is not the one that was last open here. Durable before anything is made over it. Throws what `open` throws, and `AppError('disk')`.
 */
export function noteOlder(file: string, log: LogState, open: () => Database.Database): Database.Database {
  const dir = dirname(file)
  const finding = log.find()
  if (finding === 'lost' || finding === 'torn') noteForCertain(dir, 'log')
  if (finding === 'foreign') noteForCertain(dir, 'foreign-log')
  if (finding === 'foreign' || finding === 'torn') setLogAside(file)
  let database: Database.Database | undefined
  try {
    database = open()
    if (isAnother(log, database)) noteForCertain(dir, 'set-back')
    return database
  } catch (thrown) {
    database?.close()
    // Another process is about to close or open it: the log is its own business.
    if (finding === 'lost' && thrown instanceof AppError && thrown.code === 'in-use') removeDamage(dir, 'log')
    throw thrown
  }
}

/** What cannot say what it is has worse damage. */
function isAnother(log: LogState, database: Database.Database): boolean {
  try {
    return log.stamps()?.includes(readStamp(database)) === false
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'unreadable') return false
    throw thrown
  }
}

/** Which of the reasons to mark its groups are noted of a profile's database. */
export const notedOlder = (dir: string): (typeof OLDER)[number][] => {
  const known = readDamage(dir)
  return OLDER.filter(([kind]) => known.includes(kind))
}
