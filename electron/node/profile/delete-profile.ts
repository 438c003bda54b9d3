import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../kernel/errors.ts'
import { codeOf, diskFault } from '../../storage/key-file/disk-fault.ts'
import { DATABASE_FILE, isFresh, KEY_FILE, KEY_FILE_COPY, refuseFolderOfRelay, STAGING } from '../../storage/key-file/profile-folder.ts'
import { isServed } from '../control/dial.ts'

/** What SpacePanda puts into a folder: these, and what lies beside the key and the database by their names. Somebody may have named one that holds other things too. */
const OURS = new Set(['snapshots', STAGING, 'window', 'control.sock'])
const isOurs = (name: string): boolean => OURS.has(name) || [KEY_FILE, DATABASE_FILE].some((own) => name.startsWith(own))
const NOT_EMPTY = new Set<unknown>(['ENOTEMPTY', 'EEXIST', 'EBUSY', 'EPERM'])

/**
 * Deletes the profile of a folder from this device: keys first, without which the rest is worth nothing wherever the process dies; the rest is then
 * deleted by the next try. The folder goes with it if nothing else is in it. Answers how many entries were deleted.
 * Throws `AppError('no-profile' | 'in-use' | 'conflict' | 'disk' | …)`.
 */
export async function deleteProfile(dir: string): Promise<number> {
  refuseFolderOfRelay(dir)
  const entries = entriesOf(dir)
  if (isFresh(dir) && entries.length === 0) throw new AppError('no-profile', `There is no profile in ${dir}.`)
  if (await isServed(dir)) throw new AppError('in-use', 'SpacePanda runs over this profile. Quit it first.')
  try {
    for (const name of entries) rmSync(join(dir, name), { recursive: true, force: true, maxRetries: 3 })
    removeEmpty(dir)
  } catch (thrown) {
    throw diskFault(thrown)
  }
  return entries.length
}

/** The keys first. */
function entriesOf(dir: string): string[] {
  if (!existsSync(dir)) return []
  const keys: readonly string[] = [KEY_FILE, KEY_FILE_COPY]
  try {
    const all = readdirSync(dir).filter(isOurs)
    return [...all.filter((name) => keys.includes(name)), ...all.filter((name) => !keys.includes(name))]
  } catch (thrown) {
    throw diskFault(thrown)
  }
}

function removeEmpty(dir: string): void {
  try {
    rmdirSync(dir)
  } catch (thrown) {
    // Something of somebody else's is in there, or it is a place that stays.
    if (!NOT_EMPTY.has(codeOf(thrown))) throw thrown
  }
}
