import { createCipheriv, createDecipheriv } from 'node:crypto'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import { toCbor } from '../../kernel/cbor.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Random } from '../../kernel/random.ts'
import { Redacted } from '../../kernel/redacted.ts'
import type { KeyVault } from '../../ports/key-vault.ts'
import { ARGON2_DEFAULTS, deriveKey } from './argon2.ts'
import { type Argon2Settings, KEY_FILE_FORMAT, type KeyringWrap, type PassphraseWrap } from './header.ts'

const CIPHER = 'aes-256-gcm'
const TAG_BYTES = 16
const KEY_BYTES = 32

/** Everything a reader relies on before it can check anything. */
const associatedData = (kdf: Argon2Settings): Uint8Array => toCbor(['spacepanda profile key', KEY_FILE_FORMAT, 'passphrase', kdf])

export async function sealWithPassphrase(key: Redacted<Uint8Array>, passphrase: string, random: Random): Promise<PassphraseWrap> {
  const salt = random.bytes(16)
  const nonce = random.bytes(12)
  const kdf: Argon2Settings = { ...ARGON2_DEFAULTS, salt: toHex(salt) }
  const wrapping = await deriveKey(passphrase, salt, kdf)
  try {
    const cipher = createCipheriv(CIPHER, wrapping.reveal(), nonce, { authTagLength: TAG_BYTES })
    cipher.setAAD(associatedData(kdf))
    const sealed = Buffer.concat([cipher.update(key.reveal()), cipher.final(), cipher.getAuthTag()])
    return { kind: 'passphrase', kdf, nonce: toHex(nonce), sealed: toHex(sealed) }
  } finally {
    wrapping.wipe()
  }
}

const wrongPassphrase = (options?: ErrorOptions): AppError =>
  new AppError('wrong-passphrase', 'That passphrase does not open this profile.', options)

/** Throws `AppError('wrong-passphrase')`. */
export async function openWithPassphrase(wrap: PassphraseWrap, passphrase: string): Promise<Redacted<Uint8Array>> {
  if (passphrase === '') throw wrongPassphrase()
  const wrapping = await deriveKey(passphrase, fromHex(wrap.kdf.salt), wrap.kdf)
  const sealed = fromHex(wrap.sealed)
  try {
    const decipher = createDecipheriv(CIPHER, wrapping.reveal(), fromHex(wrap.nonce), { authTagLength: TAG_BYTES })
    decipher.setAAD(associatedData(wrap.kdf))
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
    const key = decipher.update(sealed.subarray(0, -TAG_BYTES))
    decipher.final()
    return takeKey(key)
  } catch (thrown) {
    throw wrongPassphrase({ cause: thrown })
  } finally {
    wrapping.wipe()
  }
}

export async function sealWithKeyring(key: Redacted<Uint8Array>, vault: KeyVault): Promise<KeyringWrap> {
  return { kind: 'keyring', sealed: toHex(await vault.wrap(key.reveal())) }
}

/** Throws `AppError('unreadable')`. */
export async function openWithKeyring(wrap: KeyringWrap, vault: KeyVault): Promise<Redacted<Uint8Array>> {
  let key: Uint8Array
  try {
    key = await vault.unwrap(fromHex(wrap.sealed))
  } catch (thrown) {
    throw new AppError(
      'unreadable',
      "The system's keyring does not give back this profile's key. Unlock the keyring, or sign in as the user who made the profile.",
      { cause: thrown },
    )
  }
  if (key.length !== KEY_BYTES) throw new AppError('unreadable', "The system's keyring gave back something else than this profile's key.")
  return takeKey(key)
}

/** On memory of its own, the given copy wiped. */
function takeKey(key: Uint8Array): Redacted<Uint8Array> {
  const own = new Uint8Array(key)
  key.fill(0)
  return new Redacted(own)
}
