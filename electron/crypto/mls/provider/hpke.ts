import { utf8 } from '../../../kernel/bytes.ts'
import type { Aead } from './aead.ts'
import { HASH_SIZE } from './hkdf.ts'
import type { HashName } from './hkdf.ts'
import type { Kem, RandomBytes } from './kem.ts'
import { concat, labeledHkdf, uint16 } from './labeled-hkdf.ts'

/** HPKE in base mode, one message a context (RFC 9180 §5.1, §6.1), over raw keys. */
export interface BaseHpke {
  seal(
    publicKey: Uint8Array,
    info: Uint8Array,
    aad: Uint8Array,
    plaintext: Uint8Array,
    random: RandomBytes,
  ): { enc: Uint8Array; ciphertext: Uint8Array }
  /** Throws if anything was altered. */
  open(privateKey: Uint8Array, enc: Uint8Array, info: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Uint8Array
  sendExport(
    publicKey: Uint8Array,
    info: Uint8Array,
    context: Uint8Array,
    length: number,
    random: RandomBytes,
  ): { enc: Uint8Array; secret: Uint8Array }
  receiveExport(privateKey: Uint8Array, enc: Uint8Array, info: Uint8Array, context: Uint8Array, length: number): Uint8Array
}

const MODE_BASE = 0
const EMPTY = new Uint8Array()
const KDF_ID: Record<HashName, number> = { sha256: 1, sha512: 3 }
const AEAD_ID: Record<Aead['keySize'], number> = { 16: 1, 32: 2 }

export function makeHpke(kem: Kem, hash: HashName, aead: Aead): BaseHpke {
  const kdf = labeledHkdf(hash, concat(utf8('HPKE'), uint16(kem.id), uint16(KDF_ID[hash]), uint16(AEAD_ID[aead.keySize])))
  const pskIdHash = kdf.extract(EMPTY, 'psk_id_hash', EMPTY)

  /** RFC 9180 §5.1, with neither a pre-shared key nor its id. */
  const schedule = (shared: Uint8Array, info: Uint8Array) => {
    const context = concat(Uint8Array.of(MODE_BASE), pskIdHash, kdf.extract(EMPTY, 'info_hash', info))
    const secret = kdf.extract(shared, 'secret', EMPTY)
    const derive = (label: string, length: number) => kdf.expand(secret, label, context, length)
    return {
      key: () => derive('key', aead.keySize),
      // the first message of a context uses the base nonce as it is (§5.2)
      nonce: () => derive('base_nonce', aead.nonceSize),
      exported: (exporterContext: Uint8Array, length: number) => kdf.expand(derive('exp', HASH_SIZE[hash]), 'sec', exporterContext, length),
    }
  }

  return {
    seal(publicKey, info, aad, plaintext, random) {
      const { secret, enc } = kem.encapsulate(publicKey, random)
      const { key, nonce } = schedule(secret, info)
      return { enc, ciphertext: aead.seal(key(), nonce(), aad, plaintext) }
    },
    open(privateKey, enc, info, aad, ciphertext) {
      const { key, nonce } = schedule(kem.decapsulate(privateKey, enc), info)
      return aead.open(key(), nonce(), aad, ciphertext)
    },
    sendExport(publicKey, info, context, length, random) {
      const { secret, enc } = kem.encapsulate(publicKey, random)
      return { enc, secret: schedule(secret, info).exported(context, length) }
    },
    receiveExport: (privateKey, enc, info, context, length) => schedule(kem.decapsulate(privateKey, enc), info).exported(context, length),
  }
}
