import * as z from 'zod'
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
  /** Null says nothing (a NullPart): only that its sender is here, in this epoch, and perhaps what it read. */
  text: string | null
  /** What its sender has read in the channel. A text says nothing of that. */
  read?: ReadNote[]
}

/**
 * Of one author's messages in a channel those up to and including `message`, in the order in which messages are shown, are read; as
 * far as they were there, which is certain of those that the author counts from `from` to `to`.
 */
export interface ReadNote {
  message: Uint8Array
  from: number
  to: number
}

/** What a chat without a server needs besides; see `docs/protocol.md` for each. */
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
/** So many authors at once: more have written nothing that anybody read within a few seconds. */
export const MAX_READ_NOTES = 32

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

const nullPart = z.tuple([z.literal(RENDER), z.literal(''), z.literal(NULL_PART)])
const note = z.tuple([bytes(16), count.min(1), count.min(1)]).refine(([, from, to]) => from <= to)

const said = z.tuple([bytes(16), z.null(), bytes(16), z.null(), bytes(16).nullable(), extensions, part])
/** An acknowledgement: of no channel, in answer to nothing. */
const unsaid = z.tuple([bytes(16), z.null(), bytes(0), z.null(), z.null(), extensions, nullPart])
/** That something was read: of a channel, and as silent as an acknowledgement. */
const readIn = z.tuple([
  bytes(16),
  z.null(),
  bytes(16),
  z.null(),
  z.null(),
  extensions.extend({ 'sp.read': z.array(note).min(1).max(MAX_READ_NOTES) }),
  nullPart,
])
const wire = z.union([said, unsaid, readIn])

export function encodeContent(content: MimiContent): Uint8Array {
  const { seq, prev, lamport, sentAt } = content.extensions
  const read = content.read && { 'sp.read': content.read.map(({ message, from, to }) => [message, from, to]) }
  const extension = { 'sp.seq': seq, 'sp.prev': prev && [prev.object, prev.epoch], 'sp.time': lamport, 'sp.sent': sentAt, ...read }
  const nested = content.text === null ? [RENDER, '', NULL_PART] : [RENDER, '', SINGLE, TEXT, new TextEncoder().encode(content.text)]
  return toCbor([content.salt, null, content.topicId, null, content.inReplyTo, extension, nested])
}

/** Null on anything else: it comes from a member, but a member may be hostile. */
export function decodeContent(encoded: Uint8Array): MimiContent | null {
  const decoded = fromCbor(encoded, wire)
  if (decoded === null) return null
  const [salt, , topicId, , inReplyTo, ext, [, , , , body]] = decoded
  let text: string | null = null
  try {
    if (body !== undefined) text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    return null
  }
  const read = 'sp.read' in ext ? { read: ext['sp.read'].map(([message, from, to]): ReadNote => ({ message, from, to })) } : {}
  const prev = ext['sp.prev'] && { object: ext['sp.prev'][0], epoch: ext['sp.prev'][1] }
  const said = { seq: ext['sp.seq'], prev, lamport: ext['sp.time'], sentAt: ext['sp.sent'] }
  return { salt, inReplyTo, topicId, extensions: said, text, ...read }
}
