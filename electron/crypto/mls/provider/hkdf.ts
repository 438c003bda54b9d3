import { createHash, createHmac, createSecretKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { concatBytes } from '../../../kernel/bytes.ts'

export type HashName = 'sha256' | 'sha512'

export const HASH_SIZE: Record<HashName, number> = { sha256: 32, sha512: 64 }

export const digest = (hash: HashName, data: Uint8Array): Uint8Array => new Uint8Array(createHash(hash).update(data).digest())

/** Node 24 takes three times as long for raw key bytes as for a key object, the making of one included. */
export const secretKey = (raw: Uint8Array): KeyObject => createSecretKey(raw)

export const hmac = (hash: HashName, key: Uint8Array, data: Uint8Array): Uint8Array =>
  new Uint8Array(createHmac(hash, secretKey(key)).update(data).digest())

/** RFC 5869 §2.2. An empty salt is a string of zeros, which HMAC pads to by itself. */
export const extract = (hash: HashName, salt: Uint8Array, ikm: Uint8Array): Uint8Array => hmac(hash, salt, ikm)

/** RFC 5869 §2.3. Throws `RangeError` beyond 255 blocks. */
export function expand(hash: HashName, prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  const size = HASH_SIZE[hash]
  const blocks = Math.ceil(length / size)
  if (blocks > 255) throw new RangeError('HKDF gives at most 255 blocks')
  const output = new Uint8Array(blocks * size)
  let previous: Uint8Array = new Uint8Array()
  for (let i = 0; i < blocks; i++) {
    previous = hmac(hash, prk, concatBytes(previous, info, Uint8Array.of(i + 1)))
    output.set(previous, i * size)
  }
  return output.slice(0, length)
}
