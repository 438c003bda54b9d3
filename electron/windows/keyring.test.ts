import { describe, expect, it } from 'vitest'
import { AppError } from '../kernel/errors.ts'
import { openKeyring } from './keyring.ts'

type Storage = Parameters<typeof openKeyring>[0]

/** Reverses text: enough to see that something was done and undone. */
const reversed = (text: string): string => Buffer.from(text).reverse().toString()

const storage = (overrides: Partial<Storage> = {}): Storage => ({
  isEncryptionAvailable: () => true,
  getSelectedStorageBackend: () => 'gnome_libsecret',
  encryptString: (text) => Buffer.from(reversed(text)),
  decryptString: (data) => reversed(data.toString()),
  ...overrides,
})

const secret = new Uint8Array([0, 255, 128, 7])
const unreadable: unknown = expect.objectContaining({ name: 'AppError', code: 'unreadable' })

describe('openKeyring', () => {
  it('gives a secret back', async () => {
    const keyring = await openKeyring(storage(), 'linux')
    expect(keyring.safe).toBe(true)
    const wrapped = await keyring.wrap(secret)
    expect(wrapped).not.toEqual(secret)
    expect(await keyring.unwrap(wrapped)).toEqual(secret)
  })

  it('prefers the calls that do not block', async () => {
    const keyring = await openKeyring(
      storage({
        encryptString: () => {
          throw new Error('blocked')
        },
        isAsyncEncryptionAvailable: async () => true,
        encryptStringAsync: async (text) => Buffer.from(reversed(text)),
        decryptStringAsync: async (data) => ({ result: reversed(data.toString()), shouldReEncrypt: false }),
      }),
      'darwin',
    )
    expect(await keyring.unwrap(await keyring.wrap(secret))).toEqual(secret)
  })

  it.each(['basic_text', 'unknown'] as const)('trusts no %s on Linux', async (backend) => {
    const keyring = await openKeyring(storage({ getSelectedStorageBackend: () => backend }), 'linux')
    expect(keyring.safe).toBe(false)
    await expect(keyring.wrap(secret)).rejects.toEqual(unreadable)
    await expect(keyring.unwrap(secret)).rejects.toEqual(unreadable)
  })

  it.each(['linux', 'darwin', 'win32'] as const)('is not safe on %s where there is no encryption', async (platform) => {
    expect((await openKeyring(storage({ isEncryptionAvailable: () => false }), platform)).safe).toBe(false)
    const broken = storage({
      isEncryptionAvailable: () => {
        throw new Error('no keyring')
      },
    })
    expect((await openKeyring(broken, platform)).safe).toBe(false)
  })

  it('says unreadable, and nothing of the cause, when the keyring changed', async () => {
    const keyring = await openKeyring(
      storage({
        decryptString: () => {
          throw new Error('secret detail')
        },
      }),
      'linux',
    )
    const thrown: unknown = await keyring.unwrap(secret).catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(AppError)
    expect(JSON.stringify((thrown as AppError).toCoded())).not.toContain('secret detail')
  })

  it('says unreadable when what comes back is no key', async () => {
    const keyring = await openKeyring(storage({ decryptString: () => 'not base64!' }), 'linux')
    await expect(keyring.unwrap(secret)).rejects.toEqual(unreadable)
  })
})
