import { utf8, toHex } from '../../../kernel/bytes.ts'
import { encodeFrame, FrameDecoder, HEADER_BYTES } from '../../../network/channel/frame.ts'
import { Assembler, toFrames } from '../../../network/channel/message.ts'
import type { Message } from '../../../network/channel/message.ts'
import { ReadBudget } from '../../../network/channel/read-budget.ts'
import { part } from '../annotated.ts'
import type { Part } from '../annotated.ts'
import { valuesExample } from '../example.ts'
import type { Example, HexExample } from '../example.ts'
import { fill } from '../people.ts'

/** The one frame of a small message. */
function frameExample(name: string, message: Message, body: string): HexExample {
  const [frame] = [...toFrames(message)].map(encodeFrame)
  const bytes = frame ?? new Uint8Array()
  const parts: Part[] = [
    part(bytes.subarray(0, 4), `${bytes.length - 4} bytes follow`),
    part(bytes.subarray(4, 5), `kind ${bytes[4] ?? 0}: ${message.kind}`),
    part(bytes.subarray(5, HEADER_BYTES), `request ${message.id}`),
    part(bytes.subarray(HEADER_BYTES), body),
  ]
  return { kind: 'hex', name, parts, read: (read) => messagesIn(read), value: [message] }
}

function messagesIn(bytes: Uint8Array): Message[] {
  const assembler = new Assembler(1_000_000, new ReadBudget(1_000_000))
  return new FrameDecoder().push(bytes).flatMap((frame) => assembler.push(frame) ?? [])
}

const large: Message = { kind: 'request', id: 7, body: fill(0x5a, 100_000) }
const frames = [...toFrames(large)].map(encodeFrame)
const heads = frames.map((frame, i) => {
  const shown = HEADER_BYTES + (i === 0 ? 4 : 0)
  return [
    `frame ${i + 1}`,
    `${toHex(frame.subarray(0, shown))}, then ${(frame.length - shown).toLocaleString('en')} bytes of the message`,
  ] as const
})

export const frameExamples: readonly Example[] = [
  frameExample('frame', { kind: 'request', id: 7, body: utf8('question') }, '"question"'),
  frameExample('frame-refusal', { kind: 'refusal', id: 7, code: 'not-shared' }, 'not-shared'),
  valuesExample('frames-of-100000', Object.fromEntries(heads), () => {
    const [read] = messagesIn(Buffer.concat(frames))
    return read?.kind === 'request' && toHex(read.body) === toHex(large.body)
  }),
]
