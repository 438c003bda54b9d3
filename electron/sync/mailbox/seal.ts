import { createHash } from 'node:crypto'
import type { Eid } from '../../../shared/domain/ids.ts'
import { aes256Gcm } from '../../crypto/mls/provider/aead.ts'
import { hmac } from '../../crypto/mls/provider/hkdf.ts'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import type { WireObject } from '../../ports/wire.ts'
import type { DayKeys } from './day-keys.ts'

const [LENGTH, EID, NONCE, TAG] = [4, 16, 12, 16] as const
/** Nearly every message has the smallest size; from here on each is twice the one before. */
const SMALLEST = 1024
/** Above, sizes go by this. */
const LARGE_STEP = 64 * 1024

/** What so many bytes are padded to. */
export function paddedSize(bytes: number): number {
  let size = SMALLEST
  while (size < bytes && size < LARGE_STEP) size *= 2
  return size >= bytes ? size : Math.ceil(bytes / LARGE_STEP) * LARGE_STEP
}

/**
 * Hides group, epoch and exact size from a mailbox. The same object on the same day gives the same bytes, whoever seals it: so what is put
 * twice is there once. The nonce is a MAC of what is sealed, which is why it may be: two different objects share one with chance 2⁻⁹⁶.
 */
export function seal({ tag, sealingKey, nonceKey }: DayKeys, { eid, bytes }: WireObject): Uint8Array {
  const plain = new Uint8Array(paddedSize(LENGTH + EID + bytes.length))
  new DataView(plain.buffer).setUint32(0, bytes.length)
  plain.set(fromHex(eid), LENGTH)
  plain.set(bytes, LENGTH + EID)
  const nonce = hmac('sha256', nonceKey, plain).subarray(0, NONCE)
  const sealed = new Uint8Array(NONCE + plain.length + TAG)
  sealed.set(nonce)
  sealed.set(aes256Gcm.seal(sealingKey, nonce, tag, plain), NONCE)
  return sealed
}

/** Null for whatever no member sealed under these keys. */
export function unseal({ tag, sealingKey }: DayKeys, sealed: Uint8Array): WireObject | null {
  const plain = open(sealingKey, tag, sealed)
  if (plain === null || plain.length < SMALLEST) return null
  const length = new DataView(plain.buffer, plain.byteOffset).getUint32(0)
  const end = LENGTH + EID + length
  if (length === 0 || end > plain.length) return null
  return { eid: toHex(plain.subarray(LENGTH, LENGTH + EID)) as Eid, bytes: plain.slice(LENGTH + EID, end) }
}

function open(key: Uint8Array, tag: Uint8Array, sealed: Uint8Array): Uint8Array | null {
  try {
    return aes256Gcm.open(key, sealed.subarray(0, NONCE), tag, sealed.subarray(NONCE))
  } catch {
    return null
  }
}

/** What mailboxes and receipts name a sealed object by. */
export const sealedHash = (sealed: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(sealed).digest())
