import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { remembering } from '../kernel/remembering.ts'

/** Ed25519 (RFC 8032) over raw keys: 32-byte seeds, 32-byte public keys, 64-byte signatures. */

export const ED25519 = { seed: 32, publicKey: 32, signature: 64 } as const

// RFC 8410: the fixed DER bytes around a raw Ed25519 key in PKCS#8 and in SubjectPublicKeyInfo.
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')

// Making a key object costs more than using it, and the same few arrays come back with every message.
const privateKey = remembering((seed) => {
  if (seed.length !== ED25519.seed) throw new TypeError('an Ed25519 seed has 32 bytes')
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })
})

const publicKey = remembering((raw) => createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' }))

/** Throws `TypeError` unless the seed has 32 bytes. */
export function ed25519PublicKey(seed: Uint8Array): Uint8Array {
  const spki = createPublicKey(privateKey(seed)).export({ format: 'der', type: 'spki' })
  return new Uint8Array(spki.subarray(SPKI.length))
}

/** Throws `TypeError` unless the seed has 32 bytes. */
export const ed25519Sign = (seed: Uint8Array, message: Uint8Array): Uint8Array => new Uint8Array(sign(null, message, privateKey(seed)))

/** False, never an exception, for keys and signatures that are none. */
export function ed25519Verify(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (key.length !== ED25519.publicKey || signature.length !== ED25519.signature) return false
  try {
    return verify(null, message, publicKey(key), signature)
  } catch {
    return false
  }
}

/** The same in a thread of the pool, for many at once: this thread only hands over. Never rejects. */
export function ed25519VerifyAside(key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  if (key.length !== ED25519.publicKey || signature.length !== ED25519.signature) return Promise.resolve(false)
  return new Promise((resolve) => {
    try {
      verify(null, message, publicKey(key), signature, (error, holds) => resolve(error === null && holds))
    } catch {
      resolve(false)
    }
  })
}
