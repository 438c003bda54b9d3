import { concatBytes, utf8 } from '../../../kernel/bytes.ts'
import { expand, extract } from './hkdf.ts'
import type { HashName } from './hkdf.ts'

/** LabeledExtract and LabeledExpand for one `suite_id` (RFC 9180 §4). */
export interface LabeledHkdf {
  extract(salt: Uint8Array, label: string, ikm: Uint8Array): Uint8Array
  expand(prk: Uint8Array, label: string, info: Uint8Array, length: number): Uint8Array
}

const VERSION = utf8('HPKE-v1')

export const uint16 = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 0xff)

export const concat = concatBytes

export const labeledHkdf = (hash: HashName, suiteId: Uint8Array): LabeledHkdf => ({
  extract: (salt, label, ikm) => extract(hash, salt, concat(VERSION, suiteId, utf8(label), ikm)),
  expand: (prk, label, info, length) => expand(hash, prk, concat(uint16(length), VERSION, suiteId, utf8(label), info), length),
})
