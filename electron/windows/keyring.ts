import type { SafeStorage } from 'electron'
import { AppError } from '../kernel/errors.ts'

/** What of Electron's `safeStorage` is used. The asynchronous calls do not block the window while the system asks for a password; Electron 33 lacks them. */
type Storage = Pick<SafeStorage, 'isEncryptionAvailable' | 'encryptString' | 'decryptString' | 'getSelectedStorageBackend'> &
  Partial<Pick<SafeStorage, 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'>>

/** The shape of the node's `KeyVault`. */
export interface Keyring {
  readonly safe: boolean
  wrap(secret: Uint8Array): Promise<Uint8Array>
  unwrap(wrapped: Uint8Array): Promise<Uint8Array>
}

const UNUSABLE = "The system's keyring cannot be used. Unlock it, or open the profile with its passphrase."
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/**
 * The system's keyring through Electron. Call it when the application is ready: before, no backend is chosen.
 * Safe only where a key of this user's own protects what is wrapped: on Linux not with `basic_text`, whose password is public.
 */
export async function openKeyring(storage: Storage, platform: NodeJS.Platform): Promise<Keyring> {
  const safe = await isKeyringSafe(storage, platform)
  return {
    safe,
    wrap: async (secret) => {
      if (!safe) throw new AppError('unreadable', UNUSABLE)
      return new Uint8Array(await usable(() => encrypt(storage, Buffer.from(secret).toString('base64'))))
    },
    unwrap: async (wrapped) => {
      if (!safe) throw new AppError('unreadable', UNUSABLE)
      const text = await usable(() => decrypt(storage, Buffer.from(wrapped)))
      if (!BASE64.test(text)) throw new AppError('unreadable', UNUSABLE)
      return new Uint8Array(Buffer.from(text, 'base64'))
    },
  }
}

/** Whether it could protect a profile without a passphrase. */
export async function isKeyringSafe(storage: Storage, platform: NodeJS.Platform): Promise<boolean> {
  if (platform === 'linux' && ['basic_text', 'unknown'].includes(storage.getSelectedStorageBackend())) return false
  try {
    return storage.isAsyncEncryptionAvailable === undefined ? storage.isEncryptionAvailable() : await storage.isAsyncEncryptionAvailable()
  } catch {
    return false
  }
}

const encrypt = async (storage: Storage, text: string): Promise<Buffer> =>
  storage.encryptStringAsync === undefined ? storage.encryptString(text) : storage.encryptStringAsync(text)

const decrypt = async (storage: Storage, data: Buffer): Promise<string> =>
  storage.decryptStringAsync === undefined ? storage.decryptString(data) : (await storage.decryptStringAsync(data)).result

async function usable<T>(use: () => Promise<T>): Promise<T> {
  try {
    return await use()
  } catch (thrown) {
    throw new AppError('unreadable', UNUSABLE, { cause: thrown })
  }
}
