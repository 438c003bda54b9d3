import { describe, expect, it } from 'vitest'
import { equalBytes } from '../../../kernel/bytes.ts'
import { systemRandom } from '../../../kernel/random.ts'
import { MARK_BYTES } from '../../../ports/mailbox.ts'
import type { MailboxAnswer, MailboxGet, MailboxPut } from '../../../ports/mailbox.ts'
import { wireCodecContract } from '../../../testing/contracts/wire-codec-contract.ts'
import { MAX_MAILBOX_BYTES, MAX_SEALED, MAX_SEALED_BYTES, MIN_SEALED_BYTES, SEALED_BYTES } from './constants.ts'
import { mailboxRpc } from './mailbox-rpc.ts'

const [tag, signature] = [systemRandom.bytes(32), systemRandom.bytes(64)]
const of = (count: number, size: number) => Array.from({ length: count }, () => systemRandom.bytes(size))
const put = (objects: Uint8Array[]): MailboxPut => ({ kind: 'put', tag, at: 77, objects, signature })
const get: MailboxGet = { kind: 'get', tag, at: 77, after: 5, signature }
const [small] = of(1, MIN_SEALED_BYTES)
const receipt = { storedAt: 77, keptUntil: 99, signature }

wireCodecContract('requests to a mailbox', {
  encode: mailboxRpc.encodeRequest,
  decode: mailboxRpc.decodeRequest,
  valid: [put(of(1, MIN_SEALED_BYTES)), put(of(3, MIN_SEALED_BYTES)), get],
  invalid: [
    ['a put of nothing', put([])],
    ['one below the smallest step', put(of(1, MIN_SEALED_BYTES - 1))],
    ['one that is too large', put(of(1, MAX_SEALED_BYTES + 1))],
    ['too many', put(of(MAX_SEALED + 1, MIN_SEALED_BYTES))],
    ['too much together', put(of(2, SEALED_BYTES / 2 + 1))],
    ['a tag of 31 bytes', { ...get, tag: tag.subarray(1) }],
    ['no signature', { kind: 'get', tag, at: 77, after: 5 }],
    ['a place below zero', { ...get, after: -1 }],
    ['another kind', { ...get, kind: 'delete' }],
    ['a field too many', { ...get, objects: [small] }],
  ],
})

const toGet = { encode: mailboxRpc.encodeResponse, decode: (body: Uint8Array) => mailboxRpc.decodeResponse(body, get) }
const page = {
  kind: 'page',
  objects: of(2, MIN_SEALED_BYTES),
  next: 7,
  more: true,
  mark: null,
  nextMark: systemRandom.bytes(MARK_BYTES),
} as const satisfies MailboxAnswer

wireCodecContract('answers of a mailbox to a get', {
  ...toGet,
  valid: [
    page,
    { kind: 'page', objects: [], next: 5, more: false, mark: null, nextMark: null },
    { kind: 'later', afterMs: 5_000 },
    { kind: 'refused', code: 'clock' },
  ],
  invalid: [
    ['receipts', { kind: 'stored', receipts: [receipt] }],
    ['a page that does not go on', { ...page, next: 6 }],
    ['a page that cannot be told from one of another store', { ...page, nextMark: null }],
    ['an empty page after which there is more', { ...page, objects: [], next: 5 }],
    ['an empty page that goes on', { ...page, objects: [], more: false }],
    ['too much together', { ...page, objects: of(2, SEALED_BYTES / 2 + 1) }],
    ['a code that is none', { kind: 'refused', code: 'no' }],
  ],
})

wireCodecContract('answers of a mailbox to a put', {
  encode: mailboxRpc.encodeResponse,
  decode: (body) => mailboxRpc.decodeResponse(body, put(of(2, MIN_SEALED_BYTES))),
  valid: [
    { kind: 'stored', receipts: [receipt, receipt] },
    { kind: 'refused', code: 'tag-full' },
  ],
  invalid: [
    ['fewer receipts than objects', { kind: 'stored', receipts: [receipt] }],
    ['a page', { kind: 'page', objects: [], next: 0, more: false, mark: null, nextMark: null }],
    ['a receipt without signature', { kind: 'stored', receipts: [receipt, { storedAt: 1, keptUntil: 2 }] }],
  ],
})

describe('what is said to a mailbox', () => {
  it('comes through at its largest, and fits the protocol', () => {
    for (const objects of [of(1, MAX_SEALED_BYTES), of(MAX_SEALED, SEALED_BYTES / MAX_SEALED)]) {
      const request = mailboxRpc.encodeRequest(put(objects))
      const answer = mailboxRpc.encodeResponse({ ...page, next: 5 + objects.length, objects })
      for (const body of [request, answer]) expect(body.length).toBeLessThanOrEqual(MAX_MAILBOX_BYTES)
      const asked = mailboxRpc.decodeRequest(request)
      expect(asked?.kind === 'put' && asked.objects.every((each, i) => equalBytes(each, objects[i] ?? tag))).toBe(true)
      expect(mailboxRpc.decodeResponse(answer, get)).not.toBeNull()
    }
  })

  it('puts nobody to sleep for long', () => {
    const long = mailboxRpc.encodeResponse({ kind: 'later', afterMs: 1e12 })
    expect(mailboxRpc.decodeResponse(long, get)).toEqual({ kind: 'later', afterMs: 600_000 })
  })
})
