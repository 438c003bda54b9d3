import { timingSafeEqual } from 'node:crypto'
import type { CiphersuiteImpl, Hpke, PrivateKey, PublicKey } from 'ts-mls'
import { ed25519PublicKey, ed25519Sign, ed25519Verify } from '../../../identity/index.ts'
import { digest, expand, extract, HASH_SIZE, hmac } from './hkdf.ts'
import { makeHpke } from './hpke.ts'
import type { KemKeyPair, RandomBytes } from './kem.ts'
import type { SuiteParts } from './suites.ts'

const EMPTY = new Uint8Array()

// ts-mls passes keys through without looking into them; ours are the raw bytes, whatever its types say of WebCrypto.
const asPublic = (raw: Uint8Array) => raw as unknown as PublicKey
const asPrivate = (raw: Uint8Array) => raw as unknown as PrivateKey
const raw = (key: PublicKey | PrivateKey) => key as unknown as Uint8Array
const asPair = ({ privateKey, publicKey }: KemKeyPair) => ({ privateKey: asPrivate(privateKey), publicKey: asPublic(publicKey) })

function checked(key: Uint8Array, size: number): Uint8Array {
  if (key.length !== size) throw new RangeError('a key of the wrong size')
  return key
}

function hpkeOf({ kem, hash, aead }: SuiteParts, random: RandomBytes): Hpke {
  const hpke = makeHpke(kem, hash, aead)
  return {
    seal: async (publicKey, plaintext, info, aad = EMPTY) => {
      const { enc, ciphertext } = hpke.seal(raw(publicKey), info, aad, plaintext, random)
      return { enc, ct: ciphertext }
    },
    open: async (privateKey, enc, ciphertext, info, aad = EMPTY) => hpke.open(raw(privateKey), enc, info, aad, ciphertext),
    exportSecret: async (publicKey, context, length, info) => hpke.sendExport(raw(publicKey), info, context, length, random),
    importSecret: async (privateKey, context, enc, length, info) => hpke.receiveExport(raw(privateKey), enc, info, context, length),
    importPublicKey: async (key) => asPublic(checked(key, kem.publicKeySize)),
    importPrivateKey: async (key) => asPrivate(checked(key, kem.privateKeySize)),
    exportPublicKey: async (key) => raw(key),
    exportPrivateKey: async (key) => raw(key),
    encryptAead: async (key, nonce, aad, plaintext) => aead.seal(key, nonce, aad ?? EMPTY, plaintext),
    decryptAead: async (key, nonce, aad, ciphertext) => aead.open(key, nonce, aad ?? EMPTY, ciphertext),
    deriveKeyPair: async (ikm) => asPair(kem.deriveKeyPair(ikm)),
    generateKeyPair: async () => asPair(kem.generateKeyPair(random)),
    keyLength: aead.keySize,
    nonceLength: aead.nonceSize,
  }
}

/**
 * A suite for ts-mls over synchronous `node:crypto`: four times as fast as its own, which awaits WebCrypto 16 times a message.
 * The functions are asynchronous only because the library's interface is.
 */
export function makeCipherSuite(parts: SuiteParts, random: RandomBytes): CiphersuiteImpl {
  const { hash } = parts
  return {
    id: parts.id,
    hash: {
      digest: async (data) => digest(hash, data),
      mac: async (key, data) => hmac(hash, key, data),
      verifyMac: async (key, mac, data) => mac.length === HASH_SIZE[hash] && timingSafeEqual(hmac(hash, key, data), mac),
    },
    kdf: {
      extract: async (salt, ikm) => extract(hash, salt, ikm),
      expand: async (prk, info, length) => expand(hash, prk, info, length),
      size: HASH_SIZE[hash],
    },
    signature: {
      sign: async (seed, message) => ed25519Sign(seed, message),
      verify: async (publicKey, message, signature) => ed25519Verify(publicKey, message, signature),
      keygen: async () => {
        const signKey = random(32)
        return { signKey, publicKey: ed25519PublicKey(signKey) }
      },
    },
    hpke: hpkeOf(parts, random),
    rng: { randomBytes: random },
  }
}
