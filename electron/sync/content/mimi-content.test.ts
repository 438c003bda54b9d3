import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../kernel/bytes.ts'
import { toCbor } from '../../kernel/cbor.ts'
import { decodeContent, encodeContent } from './mimi-content.ts'
import type { MimiContent } from './mimi-content.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((b) => new Uint8Array(b))
const count = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const contentParts = {
  salt: bytes(16),
  inReplyTo: fc.option(bytes(16)),
  topicId: bytes(16),
  extensions: fc.record({
    seq: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    prev: fc.option(fc.record({ object: bytes(32), epoch: count })),
    lamport: count,
    sentAt: count,
  }),
  text: fc.string({ unit: 'grapheme' }),
}
const content: fc.Arbitrary<MimiContent> = fc.record(contentParts)

const sample: MimiContent = {
  salt: new Uint8Array(16).fill(1),
  inReplyTo: new Uint8Array(16).fill(2),
  topicId: new Uint8Array(16).fill(3),
  extensions: { seq: 2, prev: { object: new Uint8Array(32).fill(4), epoch: 7 }, lamport: 10, sentAt: 9 },
  text: 'Hé\u0000\ufeff👋\n',
}

const note = fc
  .tuple(bytes(16), fc.integer({ min: 1, max: 2 ** 40 }), fc.integer({ min: 0, max: 2 ** 40 }))
  .map(([message, from, more]) => ({ message, from, to: from + more }))
const reading = fc.record({
  ...contentParts,
  inReplyTo: fc.constant(null),
  text: fc.constant(null),
  read: fc.array(note, { minLength: 1, maxLength: 32 }),
})

describe('the content of a message', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(content, (value) => {
        expect(decodeContent(encodeContent(value))).toEqual(value)
      }),
    )
  })

  it('that says what was read comes back, too', () => {
    fc.assert(
      fc.property(reading, (value) => {
        expect(decodeContent(encodeContent(value))).toEqual(value)
      }),
    )
  })

  it('keeps what an editor would mend: byte order marks, zeros, line ends', () => {
    expect(decodeContent(encodeContent(sample))?.text).toBe(sample.text)
  })

  it('is laid out as the draft says: seven fields, a single text part', () => {
    // draft-ietf-mimi-content §4: [salt, replaces, topicId, expires, inReplyTo, extensions, nestedPart]
    expect(toHex(encodeContent({ ...sample, text: 'hi' }))).toMatch(/^8750(?:01){16}f650(?:03){16}f650(?:02){16}a4.*850160017818.*426869$/)
  })

  it('is refused when any of its end is missing, or anything is behind it', () => {
    const whole = encodeContent(sample)
    for (let length = 0; length < whole.length; length++) expect(decodeContent(whole.subarray(0, length))).toBeNull()
    expect(decodeContent(new Uint8Array([...whole, 0]))).toBeNull()
  })

  it('has one form only: a changed bit is refused or means something else', () => {
    const whole = encodeContent(sample)
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const damaged = new Uint8Array(whole)
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const read = decodeContent(damaged)
      if (read !== null) expect(toHex(encodeContent(read))).toBe(toHex(damaged))
    }
  })

  it('takes any bytes without throwing', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => decodeContent(noise) === null))
  })
})

const b = (length: number) => new Uint8Array(length)
const extensions = (changes: Record<string, unknown> = {}) => ({ 'sp.seq': 1, 'sp.prev': null, 'sp.time': 1, 'sp.sent': 1, ...changes })
const part = (index?: number, value?: unknown): unknown[] => {
  const fields: unknown[] = [1, '', 1, 'text/plain;charset=utf-8', Buffer.from('hello')]
  if (index !== undefined) fields[index] = value
  return fields
}
const made = (index?: number, value?: unknown): Uint8Array => {
  const fields: unknown[] = [b(16), null, b(16), null, null, extensions(), part()]
  if (index !== undefined) fields[index] = value
  return toCbor(fields)
}

describe('decodeContent', () => {
  it('reads the form these tests spoil', () => {
    expect(decodeContent(made())?.text).toBe('hello')
  })

  it.each<[string, Uint8Array]>([
    ['a short salt', made(0, b(15))],
    ['a salt as text', made(0, 'x'.repeat(16))],
    ['a replacement, which we do not read yet', made(1, b(16))],
    ['no channel', made(2, null)],
    ['a long channel id', made(2, b(17))],
    ['an expiry, which we would not keep', made(3, 5)],
    ['a short reply', made(4, b(3))],
    ['no extensions', made(5, null)],
    ['a number below one', made(5, extensions({ 'sp.seq': 0 }))],
    ['a number that is not exact', made(5, extensions({ 'sp.seq': 2n ** 53n }))],
    ['half a predecessor', made(5, extensions({ 'sp.prev': [b(32)] }))],
    ['a predecessor of the wrong length', made(5, extensions({ 'sp.prev': [b(31), 1] }))],
    ['a time below zero', made(5, extensions({ 'sp.time': -1 }))],
    ['a time in between', made(5, extensions({ 'sp.sent': 1.5 }))],
    ['an extension it does not know', made(5, extensions({ other: 1 }))],
    ['a missing extension', made(5, { 'sp.seq': 1 })],
    ['another disposition', made(6, part(0, 2))],
    ['a language tag without end', made(6, part(1, 'x'.repeat(36)))],
    ['several parts', made(6, part(2, 2))],
    ['HTML', made(6, part(3, 'text/html;charset=utf-8'))],
    ['a body as text', made(6, part(4, 'hello'))],
    ['a body beyond any message', made(6, part(4, b(65_537)))],
    ['a body that is not UTF-8', made(6, part(4, Uint8Array.from([0x68, 0xff, 0xfe])))],
    ['a body cut within a character', made(6, part(4, Uint8Array.from([0xf0, 0x9f, 0x91])))],
    ['a surplus field', toCbor([b(16), null, b(16), null, null, extensions(), part(), 1])],
    ['a missing field', toCbor([b(16), null, b(16), null, null, extensions()])],
    ['no list', toCbor('hello')],
  ])('refuses %s', (_, encoded) => {
    expect(decodeContent(encoded)).toBeNull()
  })

  const nothing = [1, '', 0]
  const readNote = (notes: unknown, channel: unknown = b(16), last: unknown = nothing): Uint8Array =>
    toCbor([b(16), null, channel, null, null, extensions({ 'sp.read': notes }), last])

  it('reads the note that these spoil', () => {
    expect(decodeContent(readNote([[b(16), 1, 1]]))?.read).toEqual([{ message: b(16), from: 1, to: 1 }])
  })

  it.each<[string, Uint8Array]>([
    ['nothing that was read', readNote([])],
    ['more than there may be', readNote(Array(33).fill([b(16), 1, 1]))],
    ['a short message id', readNote([[b(15), 1, 1]])],
    ['a run that ends before it begins', readNote([[b(16), 2, 1]])],
    ['a run from nothing', readNote([[b(16), 0, 1]])],
    ['half a run', readNote([[b(16), 1]])],
    ['no channel', readNote([[b(16), 1, 1]], b(0))],
    ['words beside what was read', readNote([[b(16), 1, 1]], b(16), part())],
  ])('refuses of a reader %s', (_, encoded) => {
    expect(decodeContent(encoded)).toBeNull()
  })

  it('reads a body of exactly the most it may have', () => {
    expect(decodeContent(made(6, part(4, new Uint8Array(65_536).fill(0x61))))?.text).toHaveLength(65_536)
  })
})
