import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { remembering } from '../../../kernel/remembering.ts'

/** X25519 (RFC 7748) over raw 32-byte keys. */

// RFC 8410: the fixed DER bytes around a raw X25519 key in PKCS#8 and in SubjectPublicKeyInfo.
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex')
const SPKI = Buffer.from('302a300506032b656e032100', 'hex')

const SIZE = 32

// Each key is used twice at least, for its public key and for a secret, and to make a key object costs more than either.
const privateKey = remembering((raw) => {
  if (raw.length !== SIZE) throw new RangeError('an X25519 key has 32 bytes')
  return createPrivateKey({ key: Buffer.concat([PKCS8, raw]), format: 'der', type: 'pkcs8' })
})

function publicKey(raw: Uint8Array): KeyObject {
  if (raw.length !== SIZE) throw new RangeError('an X25519 key has 32 bytes')
  return createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' })
}

export function x25519PublicKey(secret: Uint8Array): Uint8Array {
  const spki = createPublicKey(privateKey(secret)).export({ format: 'der', type: 'spki' })
  return new Uint8Array(spki.subarray(SPKI.length))
}

/** Throws for points of small order, whose secret would be all zeros (RFC 9180 §7.1.4). */
export function x25519(secret: Uint8Array, peer: Uint8Array): Uint8Array {
  const shared = new Uint8Array(diffieHellman({ privateKey: privateKey(secret), publicKey: publicKey(peer) }))
  if (shared.every((byte) => byte === 0)) throw new RangeError('a point of small order')
  return shared
}
