import { createCipheriv, createDecipheriv } from 'node:crypto'
import { secretKey } from './hkdf.ts'

/**
 * AES in Galois/Counter Mode, with `node:crypto` alone: Electron's BoringSSL offers no ChaCha20 through `createCipheriv`.
 * The ciphertext ends in the 16-byte tag, as RFC 5116 has it.
 */
export interface Aead {
  keySize: 16 | 32
  nonceSize: 12
  seal(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Uint8Array
  /** Throws if anything was altered. */
  open(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Uint8Array
}

const TAG = 16

function makeAead(keySize: 16 | 32): Aead {
  const algorithm = keySize === 16 ? 'aes-128-gcm' : 'aes-256-gcm'
  const options = { authTagLength: TAG }
  return {
    keySize,
    nonceSize: 12,
    seal(key, nonce, aad, plaintext) {
      const cipher = createCipheriv(algorithm, secretKey(key), nonce, options)
      cipher.setAAD(aad)
      const output = new Uint8Array(plaintext.length + TAG)
      output.set(cipher.update(plaintext))
      cipher.final()
      output.set(cipher.getAuthTag(), plaintext.length)
      return output
    },
    open(key, nonce, aad, ciphertext) {
      if (ciphertext.length < TAG) throw new RangeError('shorter than its tag')
      const decipher = createDecipheriv(algorithm, secretKey(key), nonce, options)
      decipher.setAAD(aad)
      decipher.setAuthTag(ciphertext.subarray(ciphertext.length - TAG))
      const plaintext = new Uint8Array(decipher.update(ciphertext.subarray(0, ciphertext.length - TAG)))
      decipher.final()
      return plaintext
    },
  }
}

export const aes128Gcm = makeAead(16)
export const aes256Gcm = makeAead(32)
