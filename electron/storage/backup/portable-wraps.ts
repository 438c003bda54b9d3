import { AppError } from '../../kernel/errors.ts'
import type { Random } from '../../kernel/random.ts'
import type { Redacted } from '../../kernel/redacted.ts'
import type { PassphraseWrap, RecoveryWrap, Wrap } from '../key-file/header.ts'
import { sealWithPassphrase } from '../key-file/wraps.ts'

/** A way to the database key that works on any computer: what the keyring of one wrapped opens nothing on another. */
export type PortableWrap = PassphraseWrap | RecoveryWrap

export const portable = (wraps: readonly Wrap[]): PortableWrap[] => wraps.filter((wrap) => wrap.kind !== 'keyring')

interface Sealing {
  key: Redacted<Uint8Array>
  /** One for the backup alone; null where the profile's own passphrase or recovery phrase opens it. */
  passphrase: string | null
  random: Random
  workMs: number
}

/**
 * What opens a backup of a profile: what opens the profile itself anywhere, and a passphrase of the backup's own if one is given.
 * Throws `AppError`: 'passphrase-required' where nothing would open it, 'invalid' where the profile has a passphrase and another is given.
 */
export async function wrapsOfBackup(wraps: readonly Wrap[], { key, passphrase, random, workMs }: Sealing): Promise<PortableWrap[]> {
  const own = portable(wraps)
  if (passphrase === null && own.length === 0) throw nothingOpens()
  if (passphrase === null) return own
  if (own.some(({ kind }) => kind === 'passphrase')) {
    throw new AppError('invalid', "This profile's own passphrase opens its backups. Give no other one.")
  }
  return [...own, await sealWithPassphrase(key, passphrase, { random, workMs })]
}

export const nothingOpens = (): AppError =>
  new AppError(
    'passphrase-required',
    'Only the keyring of this computer opens this profile, and it opens nothing elsewhere. Choose a passphrase for the backup, or make a recovery phrase first.',
  )
