import { AppError } from '../kernel/errors.ts'
import { readKeyFile } from '../storage/key-file/key-file.ts'

/**
 * What opens the profile of a folder, where only its person can; null where there is none, or somebody else has to say how it stands: one
 * that the keyring opens, or that is damaged. Reads the key file alone, so that it can be told before the messenger is loaded.
 */
export function personalOpeners(dataDir: string): { passphrase: boolean; recovery: boolean } | null {
  try {
    const status = readKeyFile(dataDir)
    return typeof status === 'string' || status.keyring ? null : { passphrase: status.passphrase, recovery: status.recovery }
  } catch (thrown) {
    if (thrown instanceof AppError) return null
    throw thrown
  }
}
