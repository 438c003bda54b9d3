import { sha3_256, shake256 } from '@noble/hashes/sha3.js'
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js'
import type { Kem } from './kem.ts'
import { concat } from './labeled-hkdf.ts'
import { x25519, x25519PublicKey } from './x25519.ts'

/**
 * X-Wing (draft-connolly-cfrg-xwing-kem): ML-KEM-768 and X25519 under one combiner; holds as long as either does.
 * ML-KEM and SHA-3 come from noble, because BoringSSL as Electron has it offers neither through `node:crypto`.
 */

const ID = 0x647a
const SEED = 32
const MLKEM = { seed: 64, message: 32, publicKey: 1184, ciphertext: 1088 } as const
const POINT = 32
// "\./" and "/^\" of the draft, §5.3
const LABEL = Uint8Array.of(0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c)

function expandSeed(seed: Uint8Array) {
  if (seed.length !== SEED) throw new RangeError('an X-Wing private key has 32 bytes')
  const expanded = shake256(seed, { dkLen: MLKEM.seed + POINT })
  const mlkem = ml_kem768.keygen(expanded.subarray(0, MLKEM.seed))
  const secretX = expanded.subarray(MLKEM.seed)
  return { mlkem, secretX, publicX: x25519PublicKey(secretX) }
}

function fromSeed(seed: Uint8Array) {
  const { mlkem, publicX } = expandSeed(seed)
  return { privateKey: seed, publicKey: concat(mlkem.publicKey, publicX) }
}

const combine = (secretM: Uint8Array, secretX: Uint8Array, ciphertextX: Uint8Array, publicX: Uint8Array): Uint8Array =>
  sha3_256(concat(secretM, secretX, ciphertextX, publicX, LABEL))

export const xWing: Kem = {
  id: ID,
  publicKeySize: MLKEM.publicKey + POINT,
  privateKeySize: SEED,
  deriveKeyPair: (ikm) => fromSeed(shake256(ikm, { dkLen: SEED })),
  generateKeyPair: (random) => fromSeed(random(SEED)),
  encapsulate(publicKey, random) {
    const publicX = publicKey.subarray(MLKEM.publicKey)
    const ephemeral = random(POINT)
    const ciphertextX = x25519PublicKey(ephemeral)
    const secretX = x25519(ephemeral, publicX)
    const { cipherText, sharedSecret } = ml_kem768.encapsulate(publicKey.subarray(0, MLKEM.publicKey), random(MLKEM.message))
    return { secret: combine(sharedSecret, secretX, ciphertextX, publicX), enc: concat(cipherText, ciphertextX) }
  },
  decapsulate(privateKey, enc) {
    if (enc.length !== MLKEM.ciphertext + POINT) throw new RangeError('not an X-Wing ciphertext')
    const { mlkem, secretX, publicX } = expandSeed(privateKey)
    const ciphertextX = enc.subarray(MLKEM.ciphertext)
    const secretM = ml_kem768.decapsulate(enc.subarray(0, MLKEM.ciphertext), mlkem.secretKey)
    return combine(secretM, x25519(secretX, ciphertextX), ciphertextX, publicX)
  },
}
