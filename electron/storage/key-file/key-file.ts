import { AppError } from '../../kernel/errors.ts'
import { type Random, systemRandom } from '../../kernel/random.ts'
import { type Redacted, takeSecret } from '../../kernel/redacted.ts'
import type { KeyVault } from '../../ports/key-vault.ts'
import { newerProfile } from '../newer-profile.ts'
import { DATABASE_KEY_BYTES } from '../sqlite/open-database.ts'
import { PASSPHRASE_WORK_MS } from './argon2.ts'
import { createDurably } from './durable-file.ts'
import { type Header, type Wrap, encodeHeader } from './header.ts'
import { readHeader } from './header-pair.ts'
import { databasePath, keyFilePath, makeProfileFolder, refuseFolderOfRelay, sizeOf } from './profile-folder.ts'
import { foreign, keyIdOf, openWithKeyring, openWithPassphrase, openWithPhrase, sealWithKeyring, sealWithPassphrase } from './wraps.ts'

/**
 * Whether a folder holds a profile, and what opens it. `absent` means that nothing is there at all: a database whose key file
 * is missing, or a key file that cannot be read and whose copy cannot either, is `damaged` and never to be made anew.
 */
export type KeyFileStatus = 'absent' | 'damaged' | { passphrase: boolean; recovery: boolean; keyring: boolean }

/** What the person and the system offer to open a key with. A recovery phrase counts before a passphrase, and that before the keyring. */
export interface Openers {
  passphrase: string | null
  recoveryPhrase?: string | null
  vault: KeyVault | null
}

export interface Making {
  random?: Random
  /** How long a guess at the passphrase shall take here; less than `PASSPHRASE_WORK_MS` only in tests. */
  workMs?: number
}

/** Throws `AppError('disk')`. */
export function readKeyFile(dir: string): KeyFileStatus {
  const reading = readHeader(dir)
  if (reading.kind === 'absent') return sizeOf(databasePath(dir)) > 0 ? 'damaged' : 'absent'
  if (reading.kind !== 'present') return 'damaged'
  const has = (kind: Wrap['kind']): boolean => reading.header.wraps.some((wrap) => wrap.kind === kind)
  return { passphrase: has('passphrase'), recovery: has('recovery'), keyring: has('keyring') }
}

/**
 * Makes the folder's key file, with a new random key for its database, wrapped by the passphrase if one is given and else by the keyring.
 * Durable on return; the database comes after (see `openStore`), and the copy of the key file with it.
 * Throws `AppError`: 'passphrase-required', 'profile-exists', 'conflict' (the folder is a relay's), 'unreadable' (a database or a damaged file is there), 'disk'.
 */
export async function createKeyFile(dir: string, openers: Openers, making: Making = {}): Promise<Redacted<Uint8Array>> {
  refuseExisting(dir)
  const { random = systemRandom } = making
  const key = takeSecret(random.bytes(DATABASE_KEY_BYTES))
  try {
    const wraps = [await sealForDaily(key, openers.passphrase, openers.vault, making)]
    makeProfileFolder(dir)
    refuseExisting(dir)
    if (!createDurably(keyFilePath(dir), encodeHeader({ generation: 1, keyId: keyIdOf(key), database: 'expected', wraps }))) throw exists()
    return key
  } catch (thrown) {
    key.wipe()
    throw thrown
  }
}

/** Why no key can be had from this folder, whatever is offered; null where there is one, or no profile. */
export function keyFileProblem(dir: string): AppError | null {
  try {
    requireHeader(dir)
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code === 'disk') throw thrown
    return thrown.code === 'no-profile' ? null : thrown
  }
  return null
}

/**
 * The database key. Changes nothing.
 * Throws `AppError`: 'no-profile', 'passphrase-required', 'wrong-passphrase', 'wrong-recovery-phrase', 'unreadable', 'newer-profile', 'disk'.
 */
export async function unlock(dir: string, openers: Openers): Promise<Redacted<Uint8Array>> {
  const { wraps, keyId } = requireHeader(dir)
  const key = await openWraps(wraps, openers)
  if (keyId === null || keyIdOf(key) === keyId) return key
  key.wipe()
  throw foreign()
}

async function openWraps(wraps: readonly Wrap[], { passphrase, recoveryPhrase = null, vault }: Openers): Promise<Redacted<Uint8Array>> {
  const byPassphrase = wraps.find((wrap) => wrap.kind === 'passphrase')
  const byPhrase = wraps.find((wrap) => wrap.kind === 'recovery')
  const byKeyring = wraps.find((wrap) => wrap.kind === 'keyring')
  if (recoveryPhrase !== null) {
    if (byPhrase === undefined) throw new AppError('wrong-recovery-phrase', 'There is no recovery phrase for this.')
    return openWithPhrase(byPhrase, recoveryPhrase)
  }
  if (byPassphrase !== undefined && passphrase !== null) return openWithPassphrase(byPassphrase, passphrase)
  if (byKeyring !== undefined && vault?.safe === true) return openWithKeyring(byKeyring, vault)
  if (byPassphrase !== undefined) throw new AppError('passphrase-required', 'This profile is opened by a passphrase.')
  if (byKeyring === undefined) throw new AppError('passphrase-required', 'This profile is opened by its recovery phrase.')
  throw new AppError('unreadable', "This profile's key is in the system's keyring, which is not available here.")
}

/** What opens the profile day by day. A passphrase alone: with the keyring beside it, nobody would be asked for it. */
export async function sealForDaily(
  key: Redacted<Uint8Array>,
  passphrase: string | null,
  vault: KeyVault | null,
  { random = systemRandom, workMs = PASSPHRASE_WORK_MS }: Making,
): Promise<Wrap> {
  if (passphrase !== null) return sealWithPassphrase(key, passphrase, { random, workMs })
  if (vault?.safe === true) return sealWithKeyring(key, vault)
  throw new AppError('passphrase-required', 'There is no keyring here that could protect this profile, so it needs a passphrase.')
}

const exists = (): AppError => new AppError('profile-exists', 'There is a profile in this folder already.')

function refuseExisting(dir: string): void {
  refuseFolderOfRelay(dir)
  const status = readKeyFile(dir)
  if (status === 'damaged') throw keyFileProblem(dir) ?? damaged()
  if (status !== 'absent') throw exists()
}

/** Throws `AppError`: 'no-profile', 'unreadable', 'newer-profile', 'disk'. */
export function requireHeader(dir: string): Header {
  const reading = readHeader(dir)
  if (reading.kind === 'present') return reading.header
  if (reading.kind === 'newer') throw newerProfile()
  if (reading.kind === 'absent' && readKeyFile(dir) === 'absent') throw new AppError('no-profile', 'There is no profile in this folder.')
  throw damaged()
}

const damaged = (): AppError =>
  new AppError(
    'unreadable',
    'The key file of this profile (profile.json) is missing or damaged, and so is its copy. Put one back from a backup; the database was left as it is.',
  )
