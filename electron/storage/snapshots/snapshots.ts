import { mkdirSync, readdirSync, rmSync, statSync, statfsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Work } from '../../kernel/work.ts'
import type { DatabaseFile } from '../database-file/database-file.ts'
import { diskFault } from '../key-file/disk-fault.ts'
import { syncFolder } from '../key-file/durable-file.ts'
import { sizeOf } from '../key-file/profile-folder.ts'

/** `daily`: by itself, in rotation. `migration`: before the schema was changed. */
export type SnapshotReason = 'daily' | 'migration'

/** A copy of the database in the profile folder, encrypted as the original. */
export interface Snapshot {
  file: string
  /** Grows from one to the next, whatever the clock does. */
  sequence: number
  at: number
  reason: SnapshotReason
  bytes: number
}

const NAME = /^(\d{6})-(\d{1,15})-(daily|migration)\.db$/
/** Of a copy that was interrupted by the end of the process. */
const LEFT_OVER = /\.tmp$|-(?:wal|state|shm)$/
/** The rest of the disk that a snapshot must leave free: a copy for repairs must not be what fills it. */
export const LEAVE_FREE_BYTES = 256 * 1024 * 1024

export const snapshotFolder = (dir: string): string => join(dir, 'snapshots')

/** Those of a profile folder, newest first. */
export function listSnapshots(dir: string): Snapshot[] {
  const folder = snapshotFolder(dir)
  return namesIn(folder)
    .flatMap((name) => {
      const [, sequence, at, reason] = NAME.exec(name) ?? []
      if (reason !== 'daily' && reason !== 'migration') return []
      const file = join(folder, name)
      return [{ file, sequence: Number(sequence), at: Number(at), reason, bytes: sizeOf(file) } satisfies Snapshot]
    })
    .sort((a, b) => b.sequence - a.sequence)
}

/** Whether the disk has room for a snapshot of so many bytes, and for what it must leave free. */
export const hasRoomFor = (dir: string, bytes: number): boolean => freeBytes(dir) >= bytes + LEAVE_FREE_BYTES

/** What the disk of the profile folder has left for us. Throws `AppError('disk')`. */
export function freeBytes(dir: string): number {
  try {
    const { bavail, bsize } = statfsSync(dir)
    return bavail * bsize
  } catch (thrown) {
    throw diskFault(thrown)
  }
}

/** Where the next one goes; makes the folder (mode 0700). */
export function nextSnapshot(dir: string, at: number, reason: SnapshotReason): string {
  const sequence = String((listSnapshots(dir)[0]?.sequence ?? 0) + 1).padStart(6, '0')
  try {
    mkdirSync(snapshotFolder(dir), { recursive: true, mode: 0o700 })
  } catch (thrown) {
    throw diskFault(thrown)
  }
  return join(snapshotFolder(dir), `${sequence}-${Math.max(0, Math.trunc(at))}-${reason}.db`)
}

/** Copies an open database. Throws what `DatabaseFile.copyTo` throws; a damaged page is never copied. */
export async function takeSnapshot(file: DatabaseFile, at: number, work: Work): Promise<void> {
  await file.copyTo(nextSnapshot(dirname(file.path), at, 'daily'), work)
}

/** Durable on return, as far as the file system knows of it. */
export function removeSnapshots(snapshots: readonly Snapshot[]): void {
  try {
    for (const { file } of snapshots) rmSync(file, { force: true })
    for (const folder of new Set(snapshots.map(({ file }) => dirname(file)))) syncFolder(folder)
  } catch (thrown) {
    throw diskFault(thrown)
  }
}

/** Removes what a copy left behind whose process was killed. Not while a copy is made. */
export function removeLeftOvers(dir: string): void {
  const folder = snapshotFolder(dir)
  for (const name of namesIn(folder)) if (LEFT_OVER.test(name)) rmSync(join(folder, name), { force: true })
}

function namesIn(folder: string): string[] {
  try {
    return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(folder) : []
  } catch (thrown) {
    throw diskFault(thrown)
  }
}
