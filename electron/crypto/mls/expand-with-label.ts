import { utf8 } from '../../kernel/bytes.ts'
import { expand } from './provider/hkdf.ts'
import type { HashName } from './provider/hkdf.ts'
import { opaque, struct, uint16 } from './tls.ts'

const LABELS = { key: utf8('MLS 1.0 key'), nonce: utf8('MLS 1.0 nonce'), secret: utf8('MLS 1.0 secret') } as const

/** ExpandWithLabel (RFC 9420 §8), for the labels that every message needs. */
export const expandWithLabel = (
  hash: HashName,
  secret: Uint8Array,
  label: keyof typeof LABELS,
  context: Uint8Array,
  length: number,
): Uint8Array => expand(hash, secret, struct(uint16(length), opaque(LABELS[label]), opaque(context)), length)
