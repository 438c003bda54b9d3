import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../kernel/errors.ts'
import { systemRandom } from '../../kernel/random.ts'
import type { Work } from '../../kernel/work.ts'
import { codeOf, FULL_CODES } from '../key-file/disk-fault.ts'
import type { Counts } from './counts.ts'
import { type Inspection, extractDatabase, inspectDatabase } from './extract.ts'
import { targetFault } from './new-file.ts'
import { type BackupOpener, withBackup } from './open-backup.ts'
import { phases } from './phases.ts'

/** What a backup holds. Times in milliseconds, `bytes` of the whole file. */
export interface BackupSummary extends Counts {
  createdAt: number
  bytes: number
}

/** Names of what this file makes in a scratch folder. */
const SCRATCH = /^verifying-[0-9a-f]{32}$/
/** No verification takes longer; what is older was left by a crash. */
const STALE_MS = 24 * 3_600_000

/**
 * Reads all of a backup, puts its database, still encrypted, into a temporary file below `scratch`, opens it and checks it.
 * Changes nothing else and leaves nothing behind. Throws `AppError`: 'not-found', 'unreadable', 'passphrase-required',
 * 'wrong-passphrase', 'wrong-recovery-phrase', 'cancelled', 'disk' (also where the scratch folder is too small).
 */
export function verifyBackup(
  file: string,
  opener: BackupOpener,
  scratch: string,
  work: Work,
  { structure }: Inspection = { structure: true },
): Promise<BackupSummary> {
  return withBackup(file, opener, async (reader, key) => {
    const { createdAt, database } = reader.header
    const folder = join(scratch, `verifying-${systemRandom.id()}`)
    const [extracting, inspecting] = twoPhases(work, database.bytes)
    try {
      await makeFolder(folder)
      const copy = join(folder, 'profile.db')
      await extractDatabase(reader, key, copy, extracting)
      await inspectDatabase(copy, key, { ...database, structure }, inspecting)
    } catch (thrown) {
      throw scratchFault(thrown)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
    const { spaces, messages } = database
    return { createdAt, bytes: reader.size, spaces, messages }
  })
}

/** Removes what a crash left in a scratch folder. Throws nothing: it is for tidiness, what is left is encrypted. */
export async function sweepScratch(scratch: string, now: number): Promise<void> {
  const names = await readdir(scratch).catch(() => [])
  for (const name of names.filter((one) => SCRATCH.test(one))) {
    const folder = join(scratch, name)
    const made = await stat(folder).catch(() => null)
    if (made !== null && now - made.mtimeMs > STALE_MS) await Promise.allSettled([rm(folder, { recursive: true, force: true })])
  }
}

/** Nobody chose that disk, so it is told which one is full. */
function scratchFault(thrown: unknown): unknown {
  if (!(thrown instanceof AppError) || !FULL_CODES.has(codeOf(thrown.cause))) return thrown
  const words =
    'There is not enough room to open the backup and look at it. That is done on the disk of the profile, or of temporary files: make room there.'
  return new AppError('disk', words, { cause: thrown })
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 })
  } catch (thrown) {
    throw targetFault(thrown)
  }
}

/** Reading it takes about as long as checking it. */
export function twoPhases(work: Work, bytes: number): [Work, Work] {
  const [first = work, second = work] = phases(work, [bytes, bytes])
  return [first, second]
}
