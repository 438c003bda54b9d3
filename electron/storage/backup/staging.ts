import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { diskFault } from '../key-file/disk-fault.ts'
import { createDurably, syncFolder } from '../key-file/durable-file.ts'
import { decodeHeader } from '../key-file/header.ts'
import { databasePath, keyFilePath, STAGING } from '../key-file/profile-folder.ts'

/**
 * A profile that is being restored is put together in a folder of its own inside the profile folder, and is one from the moment its
 * key file is there: that is the last to be written. From then on only names are given, which can be done again at any time.
 */
const LOCK_FILE = 'restoring.lock'

export const lockPath = (dir: string): string => join(dir, LOCK_FILE)
export const stagingPath = (dir: string): string => join(dir, STAGING)

/** An empty one. What a crash left in the last one is removed: it was no profile. */
export function makeStaging(dir: string): string {
  const staging = stagingPath(dir)
  try {
    rmSync(staging, { recursive: true, force: true })
    mkdirSync(staging, { mode: 0o700 })
    return staging
  } catch (thrown) {
    throw diskFault(thrown)
  }
}

export const dropStaging = (dir: string): void => rmSync(stagingPath(dir), { recursive: true, force: true })

/**
 * Gives a restored profile its names, if one waits for them, and removes what restores left beside a profile: to be called before a
 * folder is looked at for a profile. Nothing happens to a restore that is under way in an empty folder. Killed in between, it goes on
 * the next time. A profile that is there is never touched; a restored one that came too late is dropped, its backup is still there.
 * Throws `AppError('disk')`.
 */
export function finishRestore(dir: string): void {
  try {
    placeProfile(dir)
    if (existsSync(keyFilePath(dir)) && existsSync(databasePath(dir))) tidy(dir)
  } catch (thrown) {
    throw diskFault(thrown)
  }
}

function placeProfile(dir: string): void {
  const staging = stagingPath(dir)
  const keyFile = readWhole(keyFilePath(staging))
  if (keyFile === null) return
  // The key file first: it claims the folder, and says that a database must be there, so that none is made anew.
  const claimed = createDurably(keyFilePath(dir), keyFile)
  if (claimed || readFileSync(keyFilePath(dir)).equals(keyFile)) placeDatabase(staging, dir)
}

/** Beside a profile nobody restores anything. */
function tidy(dir: string): void {
  if (!existsSync(stagingPath(dir)) && !existsSync(lockPath(dir))) return
  syncFolder(dir)
  dropStaging(dir)
  rmSync(lockPath(dir), { force: true })
}

/** The staged key file; null where there is none, or none that counts. */
function readWhole(file: string): Buffer | null {
  if (!existsSync(file)) return null
  try {
    const content = readFileSync(file)
    return decodeHeader(content.toString('utf8')).kind === 'present' ? content : null
  } catch (thrown) {
    // Another process may have finished it just now.
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return null
    throw diskFault(thrown)
  }
}

function placeDatabase(staging: string, dir: string): void {
  const [from, to] = [databasePath(staging), databasePath(dir)]
  if (existsSync(to)) return
  try {
    linkSync(from, to)
  } catch (thrown) {
    if (existsSync(to)) return
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null
    if (code === 'ENOENT') throw thrown
    // A filesystem without hard links.
    renameSync(from, to)
  }
}
