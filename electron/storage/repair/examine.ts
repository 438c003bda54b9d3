import type Database from 'better-sqlite3'
import type { Redacted } from '../../kernel/redacted.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Work } from '../../kernel/work.ts'
import type { TreeFault } from '../database-file/database-file.ts'
import { Descriptor } from '../database-file/descriptor.ts'
import { OpenFile } from '../database-file/open-file.ts'
import { quickCheck } from '../database-file/quick-check.ts'
import { LogState, forgetLogState } from '../integrity/log-state.ts'
import { noteOlder } from '../integrity/note-older.ts'
import { sizeOf } from '../key-file/profile-folder.ts'
import { schemaVersion } from '../migrations/migrate.ts'
import { migrations } from '../migrations/migrations.ts'
import { refuseNewer } from '../migrations/refuse-newer.ts'
import { newerProfile } from '../newer-profile.ts'
import { openDatabase } from '../sqlite/open-database.ts'
import { fromSqlite } from '../sqlite/sqlite-errors.ts'

/** A database that nobody uses, opened to be looked at and read from, whatever is wrong with it. */
export interface Examined {
  database: Database.Database
  file: OpenFile
  close(): void
}

/** SQLite takes a shorter file for a new database. */
const SMALLEST_DATABASE = 512

/** Null where it cannot be opened at all. Throws `AppError('in-use' | 'disk' | 'newer-profile')`. */
export function openForRepair(path: string, key: Redacted<Uint8Array>): Examined | null {
  if (sizeOf(path) < SMALLEST_DATABASE) return null
  const descriptor = new Descriptor(path)
  let database: Database.Database | undefined
  try {
    const log = new LogState(path, descriptor)
    refuseNewer({ file: path, descriptor, log, key }, migrations.length)
    database = noteOlder(path, log, () => openDatabase(path, key))
    forgetLogState(path)
    const version = schemaVersion(database)
    if (version > migrations.length) throw newerProfile()
    if (version === 0) throw new AppError('unreadable', 'There is no schema in it.')
  } catch (thrown) {
    database?.close()
    descriptor.close()
    const fault = fromSqlite(thrown)
    if (fault instanceof AppError && fault.code === 'unreadable') return null
    throw fault
  }
  const open = database
  const file = new OpenFile({ path, database: open, descriptor, log: null, key, damaged: () => undefined })
  return {
    database: open,
    file,
    close: () => {
      if (!open.open) return
      open.close()
      file.close()
    },
  }
}

/** Whether pages or trees are damaged. Progress is told in pages. */
export async function isDamaged({ file }: Examined, work: Work): Promise<boolean> {
  const { damaged } = await file.verifyPages(1, Number.MAX_SAFE_INTEGER, work)
  return damaged.length > 0 || (await file.quickCheck({ ...work, progress: () => undefined })).length > 0
}

/** Trees that do not say what others say: where all pages are sound, only an index can be mended in place. */
export function findContradictions({ database }: Examined, work: Work): Promise<TreeFault[]> {
  const rows = (sql: string): Record<string, unknown>[] => {
    try {
      return database.prepare(sql).all() as Record<string, unknown>[]
    } catch (thrown) {
      throw fromSqlite(thrown)
    }
  }
  return quickCheck(rows, work, 'integrity_check')
}

export function reindex({ database }: Examined, indexes: readonly TreeFault[]): void {
  try {
    for (const { name } of indexes) database.exec(`REINDEX "${name}"`)
  } catch (thrown) {
    throw fromSqlite(thrown)
  }
}
