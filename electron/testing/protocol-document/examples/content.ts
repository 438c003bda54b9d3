import { fromHex } from '../../../kernel/bytes.ts'
import { decodeContent, encodeContent } from '../../../sync/content/mimi-content.ts'
import type { MimiContent } from '../../../sync/content/mimi-content.ts'
import type { Names } from '../annotated.ts'
import { cborExample } from '../example.ts'
import type { Example } from '../example.ts'
import { CHANNEL, fill, MESSAGE, NOON } from '../people.ts'

const names: Names = {
  '': ['salt', 'replaces', 'topic', 'expires', 'in reply to', 'extensions', 'part'],
  part: ['disposition', 'language', 'cardinality', 'type', 'content'],
  'extensions.sp.prev': ['object', 'epoch'],
  'extensions.sp.read.*': ['message', 'from', 'to'],
}
const codec = { encode: encodeContent, decode: decodeContent }

export const firstWords: MimiContent = {
  salt: fromHex(MESSAGE),
  inReplyTo: null,
  topicId: fromHex(CHANNEL),
  extensions: { seq: 1, prev: null, lamport: NOON, sentAt: NOON },
  text: 'Hello',
}
const reply: MimiContent = {
  salt: fill(0xf1, 16),
  inReplyTo: fromHex(MESSAGE),
  topicId: fromHex(CHANNEL),
  extensions: { seq: 2, prev: { object: fill(0x0b), epoch: 1 }, lamport: NOON + 1, sentAt: NOON },
  text: 'Hi',
}
const acknowledgement: MimiContent = {
  salt: fill(0xf2, 16),
  inReplyTo: null,
  topicId: new Uint8Array(),
  extensions: { seq: 3, prev: { object: fill(0x0c), epoch: 1 }, lamport: NOON + 2, sentAt: NOON + 2 },
  text: null,
}
const readNote: MimiContent = {
  salt: fill(0xf3, 16),
  inReplyTo: null,
  topicId: fromHex(CHANNEL),
  extensions: { seq: 4, prev: { object: fill(0x0d), epoch: 1 }, lamport: NOON + 3, sentAt: NOON + 3 },
  text: null,
  read: [{ message: fromHex(MESSAGE), from: 1, to: 2 }],
}

/** What messages say. */
export const contentExamples: readonly Example[] = [
  cborExample('content', firstWords, codec, names),
  cborExample('content-reply', reply, codec, names),
  cborExample('content-acknowledgement', acknowledgement, codec, names),
  cborExample('content-read', readNote, codec, names),
]
