import type { CiphersuiteImpl, PrivateMessage } from 'ts-mls'
import { utf8 } from '../../kernel/bytes.ts'
import { opaque, struct, uint16, uint64 } from './tls.ts'

/** RFC 9420 §6.3.2. The library decrypts it too, but does not tell who the sender of an application message is. */
export interface SenderData {
  leafIndex: number
  generation: number
}

const SENDER_DATA_BYTES = 12

/** ExpandWithLabel (RFC 9420 §8). */
const expandWithLabel = (suite: CiphersuiteImpl, secret: Uint8Array, label: string, context: Uint8Array, length: number) =>
  suite.kdf.expand(secret, struct(uint16(length), opaque(utf8(`MLS 1.0 ${label}`)), opaque(context)), length)

/** Throws if the message was not made by someone who has the epoch's sender data secret. */
export async function openSenderData(suite: CiphersuiteImpl, senderDataSecret: Uint8Array, message: PrivateMessage): Promise<SenderData> {
  const sample = message.ciphertext.subarray(0, suite.kdf.size)
  const key = await expandWithLabel(suite, senderDataSecret, 'key', sample, suite.hpke.keyLength)
  const nonce = await expandWithLabel(suite, senderDataSecret, 'nonce', sample, suite.hpke.nonceLength)
  const aad = struct(opaque(message.groupId), uint64(message.epoch), Uint8Array.of(message.contentType))
  const plain = Buffer.from(await suite.hpke.decryptAead(key, nonce, aad, message.encryptedSenderData))
  if (plain.length !== SENDER_DATA_BYTES) throw new RangeError('sender data of another size')
  return { leafIndex: plain.readUInt32BE(0), generation: plain.readUInt32BE(4) }
}
