import { ciphersuites } from 'ts-mls'
import { aes128Gcm, aes256Gcm } from './aead.ts'
import type { Aead } from './aead.ts'
import { dhkemX25519 } from './dhkem-x25519.ts'
import type { HashName } from './hkdf.ts'
import type { Kem } from './kem.ts'
import { xWing } from './x-wing.ts'

/** What one MLS cipher suite is made of. All of ours sign with Ed25519. */
export interface SuiteParts {
  id: number
  hash: HashName
  kem: Kem
  aead: Aead
}

export const X25519_SUITE = ciphersuites.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519
/** Hybrid post-quantum; a number from the private range, which ts-mls chose. */
export const XWING_SUITE = ciphersuites.MLS_256_XWING_AES256GCM_SHA512_Ed25519

export type SuiteId = typeof X25519_SUITE | typeof XWING_SUITE

export const suites: Record<SuiteId, SuiteParts> = {
  [X25519_SUITE]: { id: X25519_SUITE, hash: 'sha256', kem: dhkemX25519, aead: aes128Gcm },
  [XWING_SUITE]: { id: XWING_SUITE, hash: 'sha512', kem: xWing, aead: aes256Gcm },
}

export const isSuiteId = (id: number): id is SuiteId => id === X25519_SUITE || id === XWING_SUITE
