import { open } from 'node:fs/promises'
import { AppError } from '../../kernel/errors.ts'
import type { Redacted } from '../../kernel/redacted.ts'
import { type Work, stopIfCancelled } from '../../kernel/work.ts'
import { migrations } from '../migrations/migrations.ts'
import { schemaVersion } from '../migrations/migrate.ts'
import { quickCheck } from '../database-file/quick-check.ts'
import { openDatabase } from '../sqlite/open-database.ts'
import { fromSqlite } from '../sqlite/sqlite-errors.ts'
import { newerBackup, unsoundBackup } from './backup-errors.ts'
import type { BackupReader } from './backup-reader.ts'
import { type Counts, countRows } from './counts.ts'
import { targetFault } from './new-file.ts'

/** Writes the encrypted database of a backup into a new file (mode 0600), durable when it resolves; authentic then, and only then. */
export async function extractDatabase(reader: BackupReader, key: Redacted<Uint8Array>, file: string, work: Work): Promise<void> {
  try {
    const handle = await open(file, 'wx', 0o600)
    try {
      for await (const chunk of reader.database(key, work)) {
        for (let at = 0; at < chunk.length;) at += (await handle.write(chunk, at)).bytesWritten
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (thrown) {
    throw targetFault(thrown)
  }
}

/** `structure`: read every page and follow every tree (`quick_check`). Each table is looked at without a pause, at some 3 ms a megabyte. */
export interface Inspection {
  structure: boolean
}

/**
 * Opens an extracted database and looks at it: it opens with its key, it has what the backup says, and its structure is whole.
 * Throws `AppError`: 'unreadable', 'cancelled', 'disk'.
 */
export async function inspectDatabase(
  file: string,
  key: Redacted<Uint8Array>,
  { structure, ...expected }: Inspection & Counts,
  work: Work,
): Promise<void> {
  try {
    const database = openDatabase(file, key)
    try {
      if (schemaVersion(database) > migrations.length) throw newerBackup()
      const faults = structure ? await quickCheck((sql) => rowsOf(() => database.prepare(sql).all()), work) : []
      if (faults.length > 0) throw unsoundBackup()
      stopIfCancelled(work)
      const counts = countRows((sql) => database.prepare(sql).get())
      if (counts.spaces !== expected.spaces || counts.messages !== expected.messages) throw unsoundBackup()
      work.progress(1, 1)
    } finally {
      database.close()
    }
  } catch (thrown) {
    throw unsound(fromSqlite(thrown))
  }
}

function rowsOf(read: () => unknown[]): Record<string, unknown>[] {
  try {
    return read() as Record<string, unknown>[]
  } catch (thrown) {
    throw fromSqlite(thrown)
  }
}

/** What SQLite's words say of a profile's database is meant of the backup's here. */
function unsound(thrown: unknown): unknown {
  const isDatabaseFault = thrown instanceof AppError && thrown.code === 'unreadable' && thrown.cause !== undefined
  return isDatabaseFault ? unsoundBackup({ cause: thrown }) : thrown
}
