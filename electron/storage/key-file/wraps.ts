import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import { fromHex, toHex, utf8 } from '../../kernel/bytes.ts'
import { toCbor } from '../../kernel/cbor.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Random } from '../../kernel/random.ts'
import { type Redacted, takeSecret } from '../../kernel/redacted.ts'
import type { KeyVault } from '../../ports/key-vault.ts'
import { ARGON2_FLOOR, deriveCalibrated, deriveKey } from './argon2.ts'
import type { Argon2Settings, HkdfSettings, KeyringWrap, PassphraseWrap, RecoveryWrap } from './header.ts'
import { newRecoveryPhrase, readRecoveryPhrase } from './recovery-phrase.ts'

const CIPHER = 'aes-256-gcm'
const TAG_BYTES = 16
const KEY_BYTES = 32

/** Of what is sealed here, apart from the format of the file it stands in: a wrap moves between files as it is. */
const WRAP_FORMAT = 1
const RECOVERY_INFO = 'spacepanda recovery phrase'
const KEY_ID_INFO = 'spacepanda key id'

/** Everything a reader relies on before it can check anything. */
const associatedData = (kind: 'passphrase' | 'recovery', kdf: Argon2Settings | HkdfSettings): Uint8Array =>
  toCbor(['spacepanda profile key', WRAP_FORMAT, kind, kdf])

/** 16 bytes as hexadecimal digits: the same for the same key, and from a random key no way back. */
export const keyIdOf = (key: Redacted<Uint8Array>): string =>
  toHex(new Uint8Array(hkdfSync('sha256', key.reveal(), new Uint8Array(), utf8(KEY_ID_INFO), 16)))

/** Throws `AppError('passphrase-required')` for an empty one. Takes `workMs` at least, within the bounds of Argon2id's cost here. */
export async function sealWithPassphrase(
  key: Redacted<Uint8Array>,
  passphrase: string,
  { random, workMs }: { random: Random; workMs: number },
): Promise<PassphraseWrap> {
  if (passphrase === '') throw new AppError('passphrase-required', 'An empty passphrase protects nothing.')
  const salt = random.bytes(16)
  const { key: wrapping, iterations } = await deriveCalibrated(passphrase, salt, workMs)
  const kdf: Argon2Settings = { ...ARGON2_FLOOR, iterations, salt: toHex(salt) }
  return { kind: 'passphrase', kdf, ...sealWith(wrapping, key, associatedData('passphrase', kdf), random) }
}

/** Throws `AppError('wrong-passphrase')`. */
export async function openWithPassphrase(wrap: PassphraseWrap, passphrase: string): Promise<Redacted<Uint8Array>> {
  const wrong = (options?: ErrorOptions): AppError =>
    new AppError('wrong-passphrase', 'That passphrase does not open this profile.', options)
  if (passphrase === '') throw wrong()
  const wrapping = await deriveKey(passphrase, fromHex(wrap.kdf.salt), wrap.kdf)
  try {
    return openWith(wrapping, wrap, associatedData('passphrase', wrap.kdf))
  } catch (thrown) {
    throw wrong({ cause: thrown })
  }
}

/** Seals the key for a new phrase. The phrase is random, so nothing is gained by making guesses slow. */
export function sealWithNewPhrase(key: Redacted<Uint8Array>, random: Random): { phrase: string; wrap: RecoveryWrap } {
  const { phrase, entropy } = newRecoveryPhrase(random)
  const kdf: HkdfSettings = { name: 'hkdf-sha256', salt: toHex(random.bytes(16)) }
  return { phrase, wrap: { kind: 'recovery', kdf, ...sealWith(phraseKey(entropy, kdf), key, associatedData('recovery', kdf), random) } }
}

/** Throws `AppError('wrong-recovery-phrase')`, which says whether the phrase was mistyped or is another one. */
export function openWithPhrase(wrap: RecoveryWrap, phrase: string): Redacted<Uint8Array> {
  const wrapping = phraseKey(readRecoveryPhrase(phrase), wrap.kdf)
  try {
    return openWith(wrapping, wrap, associatedData('recovery', wrap.kdf))
  } catch (thrown) {
    throw new AppError(
      'wrong-recovery-phrase',
      'This is a whole recovery phrase, but not the one of this profile. Was a newer one made, or is it of another profile?',
      { cause: thrown },
    )
  }
}

/** Throws `AppError('unreadable')` where the keyring fails, or does not give back at once what it was given. */
export async function sealWithKeyring(key: Redacted<Uint8Array>, vault: KeyVault): Promise<KeyringWrap> {
  const wrap: KeyringWrap = { kind: 'keyring', sealed: toHex(await vault.wrap(key.reveal())) }
  const back = await openWithKeyring(wrap, vault)
  try {
    if (!Buffer.from(back.reveal()).equals(key.reveal())) throw foreign()
    return wrap
  } finally {
    back.wipe()
  }
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
  if (key.length !== KEY_BYTES) throw foreign()
  return takeSecret(key)
}

export const foreign = (): AppError =>
  new AppError('unreadable', "The system's keyring gave back something else than this profile's key. Was the keyring replaced?")

/** Wipes the phrase's bytes. */
function phraseKey(entropy: Redacted<Uint8Array>, { salt }: HkdfSettings): Redacted<Uint8Array> {
  const key = hkdfSync('sha256', entropy.reveal(), fromHex(salt), utf8(RECOVERY_INFO), KEY_BYTES)
  entropy.wipe()
  return takeSecret(new Uint8Array(key))
}

/** Wipes the wrapping key. */
function sealWith(wrapping: Redacted<Uint8Array>, key: Redacted<Uint8Array>, associated: Uint8Array, random: Random) {
  const nonce = random.bytes(12)
  try {
    const cipher = createCipheriv(CIPHER, wrapping.reveal(), nonce, { authTagLength: TAG_BYTES })
    cipher.setAAD(associated)
    const sealed = Buffer.concat([cipher.update(key.reveal()), cipher.final(), cipher.getAuthTag()])
    return { nonce: toHex(nonce), sealed: toHex(sealed) }
  } finally {
    wrapping.wipe()
  }
}

/** Wipes the wrapping key. Throws where it is not the one. */
function openWith(wrapping: Redacted<Uint8Array>, wrap: { nonce: string; sealed: string }, associated: Uint8Array): Redacted<Uint8Array> {
  const sealed = fromHex(wrap.sealed)
  try {
    const decipher = createDecipheriv(CIPHER, wrapping.reveal(), fromHex(wrap.nonce), { authTagLength: TAG_BYTES })
    decipher.setAAD(associated)
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
    const key = decipher.update(sealed.subarray(0, -TAG_BYTES))
    decipher.final()
    return takeSecret(key)
  } finally {
    wrapping.wipe()
  }
}
