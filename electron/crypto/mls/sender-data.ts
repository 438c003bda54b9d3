import type { PrivateMessage } from 'ts-mls'
import { expandWithLabel } from './expand-with-label.ts'
import { HASH_SIZE } from './provider/hkdf.ts'
import type { SuiteParts } from './provider/suites.ts'
import { opaque, struct, uint64 } from './tls.ts'

/** RFC 9420 §6.3.2. The library decrypts it too, but does not tell who the sender of an application message is. */
export interface SenderData {
  leafIndex: number
  generation: number
  /** Four bytes. */
  reuseGuard: Uint8Array
}

const SENDER_DATA_BYTES = 12

/** Throws if the message was not made by someone who has the epoch's sender data secret. */
export function openSenderData({ hash, aead }: SuiteParts, secret: Uint8Array, message: PrivateMessage): SenderData {
  const sample = message.ciphertext.subarray(0, HASH_SIZE[hash])
  const key = expandWithLabel(hash, secret, 'key', sample, aead.keySize)
  const nonce = expandWithLabel(hash, secret, 'nonce', sample, aead.nonceSize)
  const aad = struct(opaque(message.groupId), uint64(message.epoch), Uint8Array.of(message.contentType))
  const plain = aead.open(key, nonce, aad, message.encryptedSenderData)
  if (plain.length !== SENDER_DATA_BYTES) throw new RangeError('sender data of another size')
  const view = new DataView(plain.buffer, plain.byteOffset, plain.length)
  return { leafIndex: view.getUint32(0), generation: view.getUint32(4), reuseGuard: plain.subarray(8) }
}
