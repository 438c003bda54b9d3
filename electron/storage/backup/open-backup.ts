import { equalBytes } from '../../kernel/bytes.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Redacted } from '../../kernel/redacted.ts'
import { openWithPassphrase, openWithPhrase } from '../key-file/wraps.ts'
import { damagedBackup, needsOpener } from './backup-errors.ts'
import { BackupReader } from './backup-reader.ts'
import { keyCheck } from './layout.ts'

/** What opens a backup: the key itself, where the profile that made it is open, or what a person typed. */
export type BackupOpener = { kind: 'key'; key: Redacted<Uint8Array> } | Typed

interface Typed {
  kind: 'typed'
  passphrase: string | null
  recoveryPhrase: string | null
}

/**
 * Reads a backup's header, opens its key and runs `use` with both; wipes a key that was typed for and closes the file.
 * Throws `AppError`: what `BackupReader.open` throws, 'passphrase-required', 'wrong-passphrase', 'wrong-recovery-phrase'.
 */
export async function withBackup<T>(
  file: string,
  opener: BackupOpener,
  use: (reader: BackupReader, key: Redacted<Uint8Array>) => Promise<T>,
): Promise<T> {
  const reader = await BackupReader.open(file)
  try {
    const key = opener.kind === 'key' ? opener.key : await openTyped(reader, opener)
    try {
      if (!equalBytes(keyCheck(key, reader.header.salt), reader.header.keyCheck)) {
        throw opener.kind === 'key' ? needsOpener() : damagedBackup('header')
      }
      return await use(reader, key)
    } finally {
      if (opener.kind === 'typed') key.wipe()
    }
  } finally {
    await reader.close()
  }
}

async function openTyped({ header }: BackupReader, { passphrase, recoveryPhrase }: Typed): Promise<Redacted<Uint8Array>> {
  const byPassphrase = header.wraps.find((wrap) => wrap.kind === 'passphrase')
  const byPhrase = header.wraps.find((wrap) => wrap.kind === 'recovery')
  if (recoveryPhrase !== null) {
    if (byPhrase !== undefined) return openWithPhrase(byPhrase, recoveryPhrase)
    if (passphrase === null)
      throw new AppError('wrong-recovery-phrase', 'This backup is opened by a passphrase only: its profile had no recovery phrase then.')
  }
  if (passphrase === null) throw needsOpener()
  if (byPassphrase !== undefined) return openWithPassphrase(byPassphrase, passphrase)
  throw new AppError('wrong-passphrase', 'This backup is opened by a recovery phrase only: its profile had no passphrase then.')
}
