import { z } from 'zod'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'

/**
 * The MIMI content format (draft-ietf-mimi-content §4), the part of it we send and read: one message with one body.
 * mimiContent = [salt, replaces, topicId, expires, inReplyTo, extensions, nestedPart].
 */
export interface MimiContent {
  /** 16 random bytes, unique to the message: also its id here, the same when it is encrypted again. */
  salt: Uint8Array
  inReplyTo: Uint8Array | null
  /** The channel: one group carries several, as one room carries topics. Empty where nothing is said. */
  topicId: Uint8Array
  extensions: MessageExtensions
  /** Null says nothing (a NullPart): only that its sender is here, in this epoch. */
  text: string | null
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
const NULL_PART = 0
const SINGLE = 1
const TEXT = 'text/plain;charset=utf-8'

const bytes = (length: number) => z.instanceof(Uint8Array).refine((value) => value.length === length)
const count = z.int().min(0)
const MAX_TEXT_BYTES = 65_536

const extensions = z.strictObject({
  'sp.seq': count.min(1),
  'sp.prev': z.tuple([bytes(32), count]).nullable(),
  'sp.time': count,
  'sp.sent': count,
})

const part = z.tuple([
  z.literal(RENDER),
  z.string().max(35),
  z.literal(SINGLE),
  z.literal(TEXT),
  z.instanceof(Uint8Array).refine((b) => b.length <= MAX_TEXT_BYTES),
])

const said = z.tuple([bytes(16), z.null(), bytes(16), z.null(), bytes(16).nullable(), extensions, part])
/** An acknowledgement: of no channel, in answer to nothing. */
const unsaid = z.tuple([
  bytes(16),
  z.null(),
  bytes(0),
  z.null(),
  z.null(),
  extensions,
  z.tuple([z.literal(RENDER), z.literal(''), z.literal(NULL_PART)]),
])
const wire = z.union([said, unsaid])

export function encodeContent(content: MimiContent): Uint8Array {
  const { seq, prev, lamport, sentAt } = content.extensions
  const extension = { 'sp.seq': seq, 'sp.prev': prev && [prev.object, prev.epoch], 'sp.time': lamport, 'sp.sent': sentAt }
  const nested = content.text === null ? [RENDER, '', NULL_PART] : [RENDER, '', SINGLE, TEXT, new TextEncoder().encode(content.text)]
  return toCbor([content.salt, null, content.topicId, null, content.inReplyTo, extension, nested])
}

/** Null on anything else: it comes from a member, but a member may be hostile. */
export function decodeContent(encoded: Uint8Array): MimiContent | null {
  const read = fromCbor(encoded, wire)
  if (read === null) return null
  const [salt, , topicId, , inReplyTo, ext, [, , , , body]] = read
  let text: string | null = null
  try {
    if (body !== undefined) text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    return null
  }
  const prev = ext['sp.prev'] && { object: ext['sp.prev'][0], epoch: ext['sp.prev'][1] }
  return { salt, inReplyTo, topicId, extensions: { seq: ext['sp.seq'], prev, lamport: ext['sp.time'], sentAt: ext['sp.sent'] }, text }
}
