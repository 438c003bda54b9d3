import { contentTypes, encode, mlsMessageDecoder, mlsMessageEncoder, wireformats } from 'ts-mls'
import type { ContentTypeValue, MlsMessage, PrivateMessage } from 'ts-mls'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { copyBytes, equalBytes, toHex } from '../../kernel/bytes.ts'
import { ok } from '../../kernel/result.ts'
import type { Result } from '../../kernel/result.ts'
import type { MessageHeader, Rejection } from './group-engine.ts'
import { MESSAGE_BYTES } from './limits.ts'
import { reject } from './reject.ts'
import { readOpaque } from './tls.ts'

const GROUP_ID_BYTES = 16

export const encodeMessage = (message: MlsMessage): Uint8Array => encode(mlsMessageEncoder, message)

/**
 * One MLSMessage (RFC 9420 §6) that fills `bytes` and encodes to the same bytes again, so that one message has one object id.
 * The result shares no memory with `bytes`.
 */
export function decodeMessage(bytes: Uint8Array): MlsMessage | null {
  if (bytes.length > MESSAGE_BYTES) return null
  const own = copyBytes(bytes)
  try {
    const decoded = mlsMessageDecoder(own, 0)
    if (decoded === undefined || decoded[1] !== own.length) return null
    return equalBytes(encodeMessage(decoded[0]), own) ? decoded[0] : null
  } catch {
    // the library raises CodecError, RangeError or TypeError, by where the damage is: all of them say the same
    return null
  }
}

const kinds: Record<ContentTypeValue, MessageHeader['kind']> = {
  [contentTypes.application]: 'message',
  [contentTypes.proposal]: 'proposal',
  [contentTypes.commit]: 'commit',
}

export interface Framed {
  header: MessageHeader
  message: PrivateMessage
}

/** `mls10`, `mls_private_message` (RFC 9420 §6). */
const PRIVATE_MESSAGE = Uint8Array.of(0, 1, 0, 2)
const EPOCH_BYTES = 8

/**
 * A PrivateMessage (RFC 9420 §6.3) that fills `bytes`. Lengths have one form each, so it needs not be encoded again to know that
 * there is no other message like it. Null for anything else, which `decodeMessage` then judges. Shares no memory with `bytes`.
 */
function readPrivateMessage(bytes: Uint8Array): PrivateMessage | null {
  if (bytes.length > MESSAGE_BYTES || !equalBytes(bytes.subarray(0, PRIVATE_MESSAGE.length), PRIVATE_MESSAGE)) return null
  const own = copyBytes(bytes)
  const groupId = readOpaque(own, PRIVATE_MESSAGE.length)
  if (groupId === null || groupId.end + EPOCH_BYTES >= own.length) return null
  const epoch = new DataView(own.buffer).getBigUint64(groupId.end)
  const contentType = contentTypeOf(own[groupId.end + EPOCH_BYTES])
  const authenticatedData = readOpaque(own, groupId.end + EPOCH_BYTES + 1)
  const senderData = authenticatedData && readOpaque(own, authenticatedData.end)
  const ciphertext = senderData && readOpaque(own, senderData.end)
  if (contentType === null || !ciphertext || ciphertext.end !== own.length) return null
  return {
    groupId: groupId.value,
    epoch,
    contentType,
    authenticatedData: authenticatedData.value,
    encryptedSenderData: senderData.value,
    ciphertext: ciphertext.value,
  }
}

function contentTypeOf(byte: number | undefined): ContentTypeValue | null {
  switch (byte) {
    case contentTypes.application:
    case contentTypes.proposal:
    case contentTypes.commit:
      return byte
    default:
      return null
  }
}

function decodePrivate(bytes: Uint8Array): Result<PrivateMessage, Rejection> {
  const read = readPrivateMessage(bytes)
  if (read !== null) return ok(read)
  const decoded = decodeMessage(bytes)
  if (decoded === null) return reject('malformed', 'not an MLS message')
  return decoded.wireformat === wireformats.mls_private_message
    ? ok(decoded.privateMessage)
    : reject('unsupported', 'not a private message')
}

/** Everything of a group travels as PrivateMessage; other messages have doors of their own. */
export function decodeFramed(bytes: Uint8Array): Result<Framed, Rejection> {
  const decoded = decodePrivate(bytes)
  if (!decoded.ok) return decoded
  const message = decoded.value
  if (message.groupId.length !== GROUP_ID_BYTES) return reject('malformed', 'group id of another size')
  if (message.epoch > BigInt(Number.MAX_SAFE_INTEGER)) return reject('malformed', 'epoch out of range')
  const header: MessageHeader = {
    groupId: toHex(message.groupId) as GroupId,
    epoch: Number(message.epoch),
    kind: kinds[message.contentType],
  }
  return ok({ header, message })
}
