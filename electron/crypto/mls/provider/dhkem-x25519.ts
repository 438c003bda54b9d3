import { utf8 } from '../../../kernel/bytes.ts'
import type { Kem } from './kem.ts'
import { concat, labeledHkdf, uint16 } from './labeled-hkdf.ts'
import { x25519, x25519PublicKey } from './x25519.ts'

const ID = 0x0020
const SIZE = 32
const EMPTY = new Uint8Array()

const kdf = labeledHkdf('sha256', concat(utf8('KEM'), uint16(ID)))

const sharedSecret = (dh: Uint8Array, context: Uint8Array): Uint8Array =>
  kdf.expand(kdf.extract(EMPTY, 'eae_prk', dh), 'shared_secret', context, SIZE)

const deriveKeyPair: Kem['deriveKeyPair'] = (ikm) => {
  const privateKey = kdf.expand(kdf.extract(EMPTY, 'dkp_prk', ikm), 'sk', EMPTY, SIZE)
  return { privateKey, publicKey: x25519PublicKey(privateKey) }
}

/** DHKEM(X25519, HKDF-SHA256), RFC 9180 §4.1 and §7.1. */
export const dhkemX25519: Kem = {
  id: ID,
  publicKeySize: SIZE,
  privateKeySize: SIZE,
  deriveKeyPair,
  generateKeyPair: (random) => deriveKeyPair(random(SIZE)),
  encapsulate(publicKey, random) {
    const ephemeral = deriveKeyPair(random(SIZE))
    const dh = x25519(ephemeral.privateKey, publicKey)
    return { secret: sharedSecret(dh, concat(ephemeral.publicKey, publicKey)), enc: ephemeral.publicKey }
  },
  decapsulate: (privateKey, enc) => sharedSecret(x25519(privateKey, enc), concat(enc, x25519PublicKey(privateKey))),
}
