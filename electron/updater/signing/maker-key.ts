import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { AppError } from '../../kernel/errors.ts'
import { keyOf } from '../keys/key-set.ts'
import type { Signature } from '../keys/key-set.ts'

/** The file is all that a thief needs besides this. */
const MIN_PASSPHRASE = 12

/** A new key: the text of its file, encrypted, and its public half. */
export function makeKeyFile(passphrase: string): { pem: string; key: string } {
  if (passphrase.length < MIN_PASSPHRASE) throw new AppError('invalid', `A passphrase has at least ${MIN_PASSPHRASE} characters.`)
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
  return { pem: pem.toString(), key: keyOf(publicKey) }
}

/** What `makeKeyFile` gave. A file that is not encrypted is refused: it has been anybody's. */
export function openKeyFile(pem: string, passphrase: string): KeyObject {
  if (!pem.includes('BEGIN ENCRYPTED PRIVATE KEY')) throw new AppError('invalid', 'That is no encrypted key of release:sign.')
  let opened: KeyObject
  try {
    opened = createPrivateKey({ key: pem, passphrase })
  } catch {
    throw new AppError('wrong-passphrase', 'That passphrase does not open this key.')
  }
  if (opened.asymmetricKeyType !== 'ed25519') throw new AppError('invalid', 'That is a key of another kind.')
  return opened
}

export const publicKeyOf = (privateKey: KeyObject): string => keyOf(createPublicKey(privateKey))

export const signBytes = (privateKey: KeyObject, bytes: Uint8Array): Signature => ({
  key: publicKeyOf(privateKey),
  signature: sign(null, bytes, privateKey).toString('hex'),
})
