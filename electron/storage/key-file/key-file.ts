import { AppError } from '../../kernel/errors.ts'
import { type Random, systemRandom } from '../../kernel/random.ts'
import { Redacted } from '../../kernel/redacted.ts'
import type { KeyVault } from '../../ports/key-vault.ts'
import { DATABASE_KEY_BYTES } from '../sqlite/open-database.ts'
import { createDurably } from './durable-file.ts'
import { type Header, KEY_FILE_FORMAT, encodeHeader, readHeader } from './header.ts'
import { databasePath, keyFilePath, makeProfileFolder, sizeOf } from './profile-folder.ts'
import { openWithKeyring, openWithPassphrase, sealWithKeyring, sealWithPassphrase } from './wraps.ts'

/**
 * Whether a folder holds a profile, and what opens it. `absent` means that nothing is there at all:
 * a database whose key file is missing, or a key file that cannot be read, is `damaged` and never to be made anew.
 */
export type KeyFileStatus = 'absent' | 'damaged' | { passphrase: boolean; keyring: boolean }

export interface Openers {
  passphrase: string | null
  vault: KeyVault | null
}

/** Throws `AppError('disk')`. */
export function readKeyFile(dir: string): KeyFileStatus {
  const reading = readHeader(dir)
  if (reading.kind === 'absent') return sizeOf(databasePath(dir)) > 0 ? 'damaged' : 'absent'
  if (reading.kind !== 'present') return 'damaged'
  const has = (kind: Header['wraps'][number]['kind']): boolean => reading.header.wraps.some((wrap) => wrap.kind === kind)
  return { passphrase: has('passphrase'), keyring: has('keyring') }
}

/**
 * Makes the folder's key file, with a new random key for its database, wrapped by the passphrase if one is given and else by the keyring.
 * Durable on return; the database comes after (see `openStore`).
 * Throws `AppError`: 'passphrase-required', 'profile-exists', 'unreadable' (a database or a damaged file is there), 'disk'.
 */
export async function createKeyFile(dir: string, openers: Openers, random: Random = systemRandom): Promise<Redacted<Uint8Array>> {
  refuseExisting(dir)
  const key = new Redacted(random.bytes(DATABASE_KEY_BYTES))
  try {
    const content = encodeHeader({ format: KEY_FILE_FORMAT, database: 'expected', wraps: [await seal(key, openers, random)] })
    makeProfileFolder(dir)
    refuseExisting(dir)
    if (!createDurably(keyFilePath(dir), content)) throw exists()
    return key
  } catch (thrown) {
    key.wipe()
    throw thrown
  }
}

/**
 * The database key. Changes nothing.
 * Throws `AppError`: 'no-profile', 'passphrase-required', 'wrong-passphrase', 'unreadable', 'disk'.
 */
export async function unlock(dir: string, openers: Openers): Promise<Redacted<Uint8Array>> {
  const { wraps } = requireHeader(dir)
  const byPassphrase = wraps.find((wrap) => wrap.kind === 'passphrase')
  const byKeyring = wraps.find((wrap) => wrap.kind === 'keyring')
  if (byPassphrase !== undefined && openers.passphrase !== null) return openWithPassphrase(byPassphrase, openers.passphrase)
  if (byKeyring !== undefined && openers.vault?.safe === true) return openWithKeyring(byKeyring, openers.vault)
  if (byPassphrase !== undefined) throw new AppError('passphrase-required', 'This profile is opened by a passphrase.')
  throw new AppError('unreadable', "This profile's key is in the system's keyring, which is not available here.")
}

/** A passphrase alone opens what it protects: with the keyring beside it, nobody would be asked. */
async function seal(key: Redacted<Uint8Array>, openers: Openers, random: Random): Promise<Header['wraps'][number]> {
  if (openers.passphrase === '') throw new AppError('passphrase-required', 'An empty passphrase protects nothing.')
  if (openers.passphrase !== null) return sealWithPassphrase(key, openers.passphrase, random)
  if (openers.vault?.safe === true) return sealWithKeyring(key, openers.vault)
  throw new AppError('passphrase-required', 'There is no keyring that could protect this profile. Choose a passphrase.')
}

const exists = (): AppError => new AppError('profile-exists', 'There is a profile in this folder already.')

function refuseExisting(dir: string): void {
  const status = readKeyFile(dir)
  if (status === 'damaged') throw damaged()
  if (status !== 'absent') throw exists()
}

function requireHeader(dir: string): Header {
  const reading = readHeader(dir)
  if (reading.kind === 'present') return reading.header
  if (reading.kind === 'newer') {
    throw new AppError(
      'unreadable',
      'This profile was written by a newer SpacePanda. Install that version or a later one; nothing was changed.',
    )
  }
  if (reading.kind === 'absent' && readKeyFile(dir) === 'absent') throw new AppError('no-profile', 'There is no profile in this folder.')
  throw damaged()
}

const damaged = (): AppError =>
  new AppError(
    'unreadable',
    'The key file of this profile (profile.json) is missing or damaged. Put it back from a backup; the database was left as it is.',
  )
