import { createCipheriv, createDecipheriv, createPrivateKey, createPublicKey, generateKeyPairSync, scryptSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import * as z from 'zod'
import { utf8 } from '../../kernel/bytes.ts'
import { AppError } from '../../kernel/errors.ts'
import { systemRandom } from '../../kernel/random.ts'
import { keyOf } from '../keys/key-set.ts'
import type { Signature } from '../keys/key-set.ts'

/** The file is all that a thief needs besides this. */
const MIN_PASSPHRASE = 12

const FORMAT = 'spacepanda-maker-key-1'
/** Of this format (RFC 7914): each guess takes 128 MiB, and a third of a second. What OpenSSL writes a key with can be guessed thousands of times faster. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 }
const CIPHER = 'aes-256-gcm'
const [KEY_BYTES, SALT_BYTES, NONCE_BYTES, TAG_BYTES] = [32, 16, 12, 16]

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`))
const fileSchema = z.strictObject({
  format: z.literal(FORMAT),
  salt: hex(SALT_BYTES),
  nonce: hex(NONCE_BYTES),
  tag: hex(TAG_BYTES),
  sealed: z.string().regex(/^([0-9a-f]{2}){1,500}$/),
})

const wrappingKey = (passphrase: string, salt: Uint8Array): Buffer => scryptSync(utf8(passphrase.normalize('NFC')), salt, KEY_BYTES, SCRYPT)
const fromHex = (text: string): Buffer => Buffer.from(text, 'hex')
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** A new key: the text of its file, encrypted, and its public half. Throws `AppError('invalid')` for a passphrase that is too short. */
export function makeKeyFile(passphrase: string): { text: string; key: string } {
  if (passphrase.length < MIN_PASSPHRASE) throw new AppError('invalid', `A passphrase has at least ${MIN_PASSPHRASE} characters.`)
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const [salt, nonce] = [systemRandom.bytes(SALT_BYTES), systemRandom.bytes(NONCE_BYTES)]
  const cipher = createCipheriv(CIPHER, wrappingKey(passphrase, salt), nonce).setAAD(utf8(FORMAT))
  const sealed = Buffer.concat([cipher.update(privateKey.export({ type: 'pkcs8', format: 'der' })), cipher.final()])
  const file: z.infer<typeof fileSchema> = {
    ...{ format: FORMAT, salt: toHex(salt), nonce: toHex(nonce) },
    ...{ tag: toHex(cipher.getAuthTag()), sealed: toHex(sealed) },
  }
  return { text: `${JSON.stringify(file, null, 2)}\n`, key: keyOf(publicKey) }
}

/** What `makeKeyFile` gave. Throws `AppError`: 'invalid' for a file that is none, 'wrong-passphrase'. */
export function openKeyFile(text: string, passphrase: string): KeyObject {
  const { salt, nonce, tag, sealed } = readFile(text)
  const decipher = createDecipheriv(CIPHER, wrappingKey(passphrase, fromHex(salt)), fromHex(nonce), { authTagLength: TAG_BYTES })
    .setAAD(utf8(FORMAT))
    .setAuthTag(fromHex(tag))
  let opened: Buffer
  try {
    opened = Buffer.concat([decipher.update(fromHex(sealed)), decipher.final()])
  } catch {
    throw new AppError('wrong-passphrase', 'That passphrase does not open this key.')
  }
  return createPrivateKey({ key: opened, type: 'pkcs8', format: 'der' })
}

function readFile(text: string): z.infer<typeof fileSchema> {
  try {
    return fileSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new AppError('invalid', 'That is no encrypted key of release:sign.', { cause })
  }
}

export const publicKeyOf = (privateKey: KeyObject): string => keyOf(createPublicKey(privateKey))

export const signBytes = (privateKey: KeyObject, bytes: Uint8Array): Signature => ({
  key: publicKeyOf(privateKey),
  signature: sign(null, bytes, privateKey).toString('hex'),
})
