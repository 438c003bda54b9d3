import type { DoctorCheck } from '../../../shared/domain/tasks.ts'
import { createGroupEngine, fromVersion1 } from '../../crypto/mls/index.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Redacted } from '../../kernel/redacted.ts'
import type { Work } from '../../kernel/work.ts'
import { readKeyFile, unlock } from '../../storage/key-file/key-file.ts'
import { databasePath } from '../../storage/key-file/profile-folder.ts'
import { openStore } from '../../storage/open-store.ts'
import type { OpenStore } from '../../storage/open-store.ts'
import { isRepairable, repairDatabase } from '../../storage/repair/repair-database.ts'
import type { NodeOptions } from '../node-handle.ts'
import { checkDatabase } from './check-database.ts'
import { bad, checkFolder, good } from './check-folder.ts'
import { repairWords } from './repair-words.ts'

/** What somebody typed to open a profile that is not open. */
export interface Typed {
  passphrase: string | null
  recoveryPhrase: string | null
}

/** Of a profile that is open. */
export async function checkOpen(options: NodeOptions, store: OpenStore, work: Work): Promise<DoctorCheck[]> {
  const engine = await createGroupEngine({ clock: options.clock, random: options.random, logger: options.logger.child('mls') })
  return [...checkFolder(options.dataDir, options.clock.now()), ...(await checkDatabase({ store, engine }, work))]
}

/**
 * Of a profile that nobody has open; `key` if it is known already. What cannot be opened is a check that fails, and not an error.
 * Throws `AppError`: 'no-profile', 'passphrase-required', 'wrong-passphrase', 'wrong-recovery-phrase', 'in-use', 'newer-profile', 'upgrade-failed',
 * 'cancelled', 'disk'.
 */
export async function checkClosed(
  options: NodeOptions,
  key: Redacted<Uint8Array> | null,
  typed: Typed,
  work: Work,
): Promise<DoctorCheck[]> {
  const folder = () => checkFolder(options.dataDir, options.clock.now())
  if (readKeyFile(options.dataDir) === 'damaged') return folder()
  return withKey(options, key, typed, async (opened) => {
    const store = openOrExplain(options, opened)
    if ('name' in store) return [...folder(), store]
    try {
      return await checkOpen(options, store, work)
    } finally {
      store.close()
    }
  })
}

/** Repairs it and looks at it again. Throws as `checkClosed`, and 'unreadable' where nothing is left to repair it from. */
export async function repairClosed(
  options: NodeOptions,
  key: Redacted<Uint8Array> | null,
  typed: Typed,
  work: Work,
): Promise<DoctorCheck[]> {
  return withKey(options, key, typed, async (opened) => {
    const outcome = await repairDatabase(
      { file: databasePath(options.dataDir), key: opened, convert: fromVersion1, random: options.random },
      work,
    )
    return [good('repair', repairWords(outcome)), ...(await checkClosed(options, opened, typed, work))]
  })
}

/** A key that was not given is wiped after. */
async function withKey<T>(
  options: NodeOptions,
  key: Redacted<Uint8Array> | null,
  typed: Typed,
  use: (key: Redacted<Uint8Array>) => Promise<T>,
): Promise<T> {
  if (key !== null) return use(key)
  const opened = await unlock(options.dataDir, { ...typed, vault: options.keyVault })
  try {
    return await use(opened)
  } finally {
    opened.wipe()
  }
}

function openOrExplain({ dataDir, clock, random }: NodeOptions, key: Redacted<Uint8Array>): OpenStore | DoctorCheck {
  const file = databasePath(dataDir)
  try {
    return openStore({ file, key, convert: fromVersion1, clock, random })
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'unreadable') throw thrown
    const hint = isRepairable(file) ? ' Repair it: doctor --repair.' : ' There is no snapshot to repair it from; restore a backup.'
    return bad('database', thrown.message + hint)
  }
}
