import { item, readCbor } from '../../kernel/cbor-reader.ts'
import type { CborReader } from '../../kernel/cbor-reader.ts'
import { toCbor } from '../../kernel/cbor.ts'

/**
 * The MIMI content format (draft-ietf-mimi-content §4), the part of it we send and read: one message with one body.
 * mimiContent = [salt, replaces, topicId, expires, inReplyTo, extensions, nestedPart].
 */
export interface MimiContent {
  /** 16 random bytes, unique to the message: also its id here, the same when it is encrypted again. */
  salt: Uint8Array
  inReplyTo: Uint8Array | null
  /** The channel: one group carries several, as one room carries topics. */
  topicId: Uint8Array
  extensions: MessageExtensions
  text: string
}

/** What a chat without a server needs besides; see `docs/protocol` for each. */
export interface MessageExtensions {
  /** Counts this sender's messages in the group from 1. */
  seq: number
  /** SHA-256 of this sender's previous object and the epoch it belongs to; null for the first. */
  prev: { object: Uint8Array; epoch: number } | null
  /** Hybrid Lamport time, milliseconds. */
  lamport: number
  sentAt: number
}

const RENDER = 1
const SINGLE = 1
const TEXT = 'text/plain;charset=utf-8'

const ID_BYTES = 16
const HASH_BYTES = 32
const MAX_TEXT_BYTES = 65_536
/** Of characters, each of three bytes at most. */
const MAX_LANGUAGE = 35

export function encodeContent(content: MimiContent): Uint8Array {
  const { seq, prev, lamport, sentAt } = content.extensions
  const extension = { 'sp.seq': seq, 'sp.prev': prev && [prev.object, prev.epoch], 'sp.time': lamport, 'sp.sent': sentAt }
  const nested = [RENDER, '', SINGLE, TEXT, new TextEncoder().encode(content.text)]
  return toCbor([content.salt, null, content.topicId, null, content.inReplyTo, extension, nested])
}

const NULL = item(null)
const ONE = item(1)
const PLAIN_TEXT = item(TEXT)
const [SEQ, PREV, SENT, TIME] = [item('sp.seq'), item('sp.prev'), item('sp.sent'), item('sp.time')]

/** Null on anything else: it comes from a member, but a member may be hostile. */
export const decodeContent = (encoded: Uint8Array): MimiContent | null => readCbor(encoded, readContent)

function readContent(reader: CborReader): MimiContent {
  const id = (): Uint8Array => reader.bytes(ID_BYTES)
  reader.array(7)
  const salt = id()
  reader.exactly(NULL)
  const topicId = id()
  reader.exactly(NULL)
  const inReplyTo = reader.nullable(id)
  const extensions = readExtensions(reader)
  return { salt, inReplyTo, topicId, extensions, text: readPart(reader) }
}

/** In the order of their encoded keys. */
function readExtensions(reader: CborReader): MessageExtensions {
  reader.map(4)
  reader.exactly(SEQ)
  const seq = reader.uint()
  reader.expect(seq >= 1)
  reader.exactly(PREV)
  const prev = reader.nullable(() => {
    reader.array(2)
    return { object: reader.bytes(HASH_BYTES), epoch: reader.uint() }
  })
  reader.exactly(SENT)
  const sentAt = reader.uint()
  reader.exactly(TIME)
  return { seq, prev, lamport: reader.uint(), sentAt }
}

function readPart(reader: CborReader): string {
  reader.array(5)
  reader.exactly(ONE)
  reader.expect(reader.text(MAX_LANGUAGE * 3).length <= MAX_LANGUAGE)
  reader.exactly(ONE)
  reader.exactly(PLAIN_TEXT)
  return reader.textAsBytes(MAX_TEXT_BYTES)
}
