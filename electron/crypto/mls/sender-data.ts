import type { CiphersuiteImpl, PrivateMessage } from 'ts-mls'
import { equalBytes, utf8 } from '../../kernel/bytes.ts'
import { opaque, struct, uint16, uint64 } from './tls.ts'

/** RFC 9420 §6.3.2. The library decrypts it too, but does not tell who the sender of an application message is. */
export interface SenderData {
  leafIndex: number
  generation: number
}

const SENDER_DATA_BYTES = 12

/** The `info` of ExpandWithLabel (RFC 9420 §8). */
const labelled = (label: string, context: Uint8Array, length: number): Uint8Array =>
  struct(uint16(length), opaque(utf8(`MLS 1.0 ${label}`)), opaque(context))

export interface OpenedSenderData {
  senderData: SenderData
  /** The same suite, for the library, which opens the same sender data once more: what was computed is not computed again. */
  suite: CiphersuiteImpl
}

/** Throws if the message was not made by someone who has the epoch's sender data secret. */
export async function openSenderData(suite: CiphersuiteImpl, secret: Uint8Array, message: PrivateMessage): Promise<OpenedSenderData> {
  const { keyLength, nonceLength } = suite.hpke
  const sample = message.ciphertext.subarray(0, suite.kdf.size)
  const infos = [labelled('key', sample, keyLength), labelled('nonce', sample, nonceLength)] as const
  const key = await suite.kdf.expand(secret, infos[0], keyLength)
  const nonce = await suite.kdf.expand(secret, infos[1], nonceLength)
  const aad = struct(opaque(message.groupId), uint64(message.epoch), Uint8Array.of(message.contentType))
  const plain = await suite.hpke.decryptAead(key, nonce, aad, message.encryptedSenderData)
  if (plain.length !== SENDER_DATA_BYTES) throw new RangeError('sender data of another size')
  const view = Buffer.from(plain.buffer, plain.byteOffset, plain.length)
  const known: Known = { secret, infos, key, nonce, aad, ciphertext: message.encryptedSenderData, plain }
  return { senderData: { leafIndex: view.readUInt32BE(0), generation: view.readUInt32BE(4) }, suite: knowing(suite, known) }
}

interface Known {
  secret: Uint8Array
  infos: readonly [key: Uint8Array, nonce: Uint8Array]
  key: Uint8Array
  nonce: Uint8Array
  aad: Uint8Array
  ciphertext: Uint8Array
  plain: Uint8Array
}

/** Answers exactly the calls that were made, from what they gave. Keys and texts by identity: they are the very same arrays. */
function knowing(suite: CiphersuiteImpl, known: Known): CiphersuiteImpl {
  const { expand } = suite.kdf
  const { decryptAead } = suite.hpke
  return {
    ...suite,
    kdf: {
      ...suite.kdf,
      expand: async (secret, info, length) => {
        if (secret === known.secret && length === known.key.length && equalBytes(info, known.infos[0])) return known.key
        if (secret === known.secret && length === known.nonce.length && equalBytes(info, known.infos[1])) return known.nonce
        return expand(secret, info, length)
      },
    },
    hpke: {
      ...suite.hpke,
      decryptAead: async (key, nonce, aad, ciphertext) => {
        const same = key === known.key && nonce === known.nonce && ciphertext === known.ciphertext
        return same && aad !== undefined && equalBytes(aad, known.aad) ? known.plain : decryptAead(key, nonce, aad, ciphertext)
      },
    },
  }
}
