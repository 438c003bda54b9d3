import { existsSync, rmdirSync } from 'node:fs'
import { AppError } from '../../kernel/errors.ts'
import type { Redacted } from '../../kernel/redacted.ts'
import { type Work, stopIfCancelled } from '../../kernel/work.ts'
import { createDurably } from '../key-file/durable-file.ts'
import { encodeHeader } from '../key-file/header.ts'
import { readHeader } from '../key-file/header-pair.ts'
import { databasePath, keyFilePath, makeProfileFolder, refuseFolderOfRelay, sizeOf } from '../key-file/profile-folder.ts'
import { keyIdOf } from '../key-file/wraps.ts'
import type { OpenStore } from '../open-store.ts'
import { holdLockFile } from '../sqlite/lock-file.ts'
import type { BackupReader } from './backup-reader.ts'
import { extractDatabase, inspectDatabase } from './extract.ts'
import { type BackupOpener, withBackup } from './open-backup.ts'
import { dropStaging, finishRestore, lockPath, makeStaging } from './staging.ts'
import { type BackupSummary, twoPhases } from './verify-backup.ts'

export interface Restore {
  file: string
  opener: BackupOpener
  /** The profile folder; made if it is missing. */
  dir: string
  /** Opens the extracted database with the newest schema; it is closed by whoever asked. */
  openStore(file: string, key: Redacted<Uint8Array>): OpenStore
  /** What must be changed in an older copy before anything may run on it: ratchets, keys of the network. Durable on return. */
  prepare(store: OpenStore): void
}

/**
 * Makes the profile of an empty folder from a backup. Afterwards, and after a crash at any moment once `finishRestore` was called,
 * there is a whole profile or none, and then it can be tried again. Cancelling works until the last step.
 * Throws `AppError`: 'profile-exists', 'conflict' (the folder is a relay's), 'unreadable' (the backup, or what is left of a profile), 'in-use', 'disk', 'cancelled',
 * 'not-found', 'passphrase-required', 'wrong-passphrase', 'wrong-recovery-phrase'.
 */
export async function restoreBackup(restore: Restore, work: Work): Promise<BackupSummary> {
  const { file, opener, dir } = restore
  refuseExisting(dir)
  return withBackup(file, opener, async (reader, key) => {
    const isNew = !existsSync(dir)
    makeProfileFolder(dir)
    try {
      const unlock = holdLockFile(lockPath(dir), 'A backup is being restored into this folder already.')
      try {
        finishRestore(dir)
        refuseExisting(dir)
        await stage(restore, reader, key, work)
        finishRestore(dir)
        // Somebody may have made a profile there meanwhile.
        const reading = readHeader(dir)
        if (reading.kind !== 'present' || reading.header.keyId !== keyIdOf(key)) throw exists()
      } finally {
        unlock()
      }
    } catch (thrown) {
      if (isNew) removeIfEmpty(dir)
      throw thrown
    }
    const { createdAt, database } = reader.header
    return { createdAt, bytes: reader.size, spaces: database.spaces, messages: database.messages }
  })
}

/** Puts the profile together under other names. Once its key file is there it counts. */
async function stage({ dir, openStore, prepare }: Restore, reader: BackupReader, key: Redacted<Uint8Array>, work: Work): Promise<void> {
  const { database, wraps } = reader.header
  const [extracting, inspecting] = twoPhases(work, database.bytes)
  const staging = makeStaging(dir)
  try {
    const copy = databasePath(staging)
    await extractDatabase(reader, key, copy, extracting)
    await inspectDatabase(copy, key, { ...database, structure: true }, inspecting)
    const store = openStore(copy, key)
    try {
      prepare(store)
    } finally {
      store.close()
    }
    // Closing moves the log into the file. What it could not move would be lost with its name.
    if (sizeOf(`${copy}-wal`) > 0) throw new AppError('disk', 'The disk is full or cannot be written. Nothing was changed.')
    stopIfCancelled(work)
    createDurably(keyFilePath(staging), encodeHeader({ generation: 1, keyId: keyIdOf(key), database: 'made', wraps }))
  } catch (thrown) {
    dropStaging(dir)
    throw thrown
  }
}

/** Anything of a profile counts, also what is damaged: it may be all that somebody has left. */
function refuseExisting(dir: string): void {
  refuseFolderOfRelay(dir)
  const left = readHeader(dir).kind !== 'absent' || ['', '-wal'].some((end) => sizeOf(`${databasePath(dir)}${end}`) > 0)
  if (left) throw exists()
}

const exists = (): AppError =>
  new AppError('profile-exists', 'There is a profile in this folder already. A backup is restored only where there is none.')

function removeIfEmpty(dir: string): void {
  try {
    rmdirSync(dir)
  } catch {
    // Something else is in it by now, or it is gone.
    return
  }
}
