import { contentTypes, encode, mlsMessageDecoder, mlsMessageEncoder, wireformats } from 'ts-mls'
import type { ContentTypeValue, MlsMessage, PrivateMessage } from 'ts-mls'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { copyBytes, equalBytes, toHex } from '../../kernel/bytes.ts'
import { ok } from '../../kernel/result.ts'
import type { Result } from '../../kernel/result.ts'
import type { MessageHeader, Rejection } from './group-engine.ts'
import { MESSAGE_BYTES } from './limits.ts'
import { reject } from './reject.ts'

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

/** Everything of a group travels as PrivateMessage; other messages have doors of their own. */
export function decodeFramed(bytes: Uint8Array): Result<Framed, Rejection> {
  const decoded = decodeMessage(bytes)
  if (decoded === null) return reject('malformed', 'not an MLS message')
  if (decoded.wireformat !== wireformats.mls_private_message) return reject('unsupported', 'not a private message')
  const { privateMessage: message } = decoded
  if (message.groupId.length !== GROUP_ID_BYTES) return reject('malformed', 'group id of another size')
  if (message.epoch > BigInt(Number.MAX_SAFE_INTEGER)) return reject('malformed', 'epoch out of range')
  const header: MessageHeader = {
    groupId: toHex(message.groupId) as GroupId,
    epoch: Number(message.epoch),
    kind: kinds[message.contentType],
  }
  return ok({ header, message })
}
