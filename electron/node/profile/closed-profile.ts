import { AppError } from '../../kernel/errors.ts'
import { isServed } from '../control/dial.ts'
import { readKeyFile } from '../../storage/key-file/key-file.ts'

/**
 * What opens the profile of a folder, where only its person can; null where there is none, or somebody else has to say how it stands: one
 * that the keyring opens, that is damaged, or that another SpacePanda has open. Reads the key file alone, so that it can be told before the messenger is loaded.
 */
export async function personalOpeners(dataDir: string): Promise<{ passphrase: boolean; recovery: boolean } | null> {
  try {
    const status = readKeyFile(dataDir)
    if (typeof status === 'string' || status.keyring || (await isServed(dataDir))) return null
    return { passphrase: status.passphrase, recovery: status.recovery }
  } catch (thrown) {
    if (thrown instanceof AppError) return null
    throw thrown
  }
}
