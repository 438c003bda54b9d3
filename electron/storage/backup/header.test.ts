import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toCbor } from '../../kernel/cbor.ts'
import type { PassphraseWrap } from '../key-file/header.ts'
import { type BackupHeader, decodeBackupHeader, encodeBackupHeader, readPrelude } from './header.ts'
import type { PortableWrap } from './portable-wraps.ts'
import { MAX_HEADER_BYTES, PRELUDE_BYTES } from './layout.ts'

const wrap: PassphraseWrap = {
  kind: 'passphrase',
  kdf: { name: 'argon2id', memoryKiB: 65_536, iterations: 3, parallelism: 1, salt: '00'.repeat(16) },
  nonce: '11'.repeat(12),
  sealed: '22'.repeat(48),
}
const header: BackupHeader = {
  createdAt: 1_795_392_000_000,
  database: { bytes: 40_960, spaces: 2, messages: 300 },
  salt: new Uint8Array(16).fill(3),
  keyCheck: new Uint8Array(16).fill(4),
  wraps: [wrap],
}

/** The beginning of a file whose header has any bytes, with a fitting hash. */
function around(body: Uint8Array, start = encodeBackupHeader(header)): Uint8Array {
  const before = Buffer.concat([start.subarray(0, PRELUDE_BYTES), body])
  before.writeUInt32BE(body.length, 12)
  return Buffer.concat([before, createHash('sha256').update(before).digest()])
}

test('a header comes back as it was, also with a whole file after it', () => {
  const bytes = encodeBackupHeader(header)
  expect(decodeBackupHeader(bytes)).toEqual({ kind: 'header', header })
  expect(decodeBackupHeader(Buffer.concat([bytes, Buffer.alloc(100, 7)]))).toEqual({ kind: 'header', header })
  expect(readPrelude(bytes)).toEqual({ kind: 'prelude', length: bytes.length })
})

test('any header comes back as it was', () => {
  const any = fc.record({
    createdAt: fc.nat(),
    database: fc.record({ bytes: fc.integer({ min: 512, max: 2 ** 44 }), spaces: fc.nat(), messages: fc.nat() }),
    salt: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    keyCheck: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    wraps: fc.constant<PortableWrap[]>([wrap]),
  })
  fc.assert(
    fc.property(any, (one) => {
      expect(decodeBackupHeader(encodeBackupHeader(one))).toEqual({ kind: 'header', header: one })
    }),
  )
})

describe('decoding is total', () => {
  const kinds = ['not-a-backup', 'newer', 'truncated', 'damaged']

  test('over any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(kinds).toContain(decodeBackupHeader(bytes).kind)
      }),
    )
  })

  test('over a real one that is cut, changed or has something put in', () => {
    const real = encodeBackupHeader(header)
    const place = fc.nat(real.length - 1)
    const changed = fc.oneof(
      place.map((at) => real.subarray(0, at)),
      fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(([at, by]) => real.map((byte, index) => (index === at ? byte ^ by : byte))),
      fc
        .tuple(place, fc.uint8Array({ minLength: 1, maxLength: 9 }))
        .map(([at, more]) => Buffer.concat([real.subarray(0, at), more, real.subarray(at)])),
    )
    fc.assert(
      fc.property(changed, (bytes) => {
        // Putting in what is there already, at the end, leaves it whole.
        if (Buffer.compare(Buffer.from(bytes.subarray(0, real.length)), real) === 0) return
        expect(kinds).toContain(decodeBackupHeader(bytes).kind)
      }),
      { numRuns: 2_000 },
    )
  })

  test('over any content with a hash that fits', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), (body) => {
        expect(decodeBackupHeader(around(body)).kind).toBe('damaged')
      }),
    )
  })
})

describe('refused is', () => {
  const altered = (change: object): unknown => decodeBackupHeader(around(toCbor({ ...header, ...change })))
  const damaged = { kind: 'damaged', part: 'header' }

  test.each<[string, object]>([
    ['a field nobody knows', { extra: 1 }],
    ['a short salt', { salt: new Uint8Array(15) }],
    ['no way to the key', { wraps: [] }],
    ['the same way twice', { wraps: [wrap, wrap] }],
    ["a keyring's wrap", { wraps: [wrap, { kind: 'keyring', sealed: '00' }] }],
    ['a cheap passphrase', { wraps: [{ ...wrap, kdf: { ...wrap.kdf, iterations: 1 } }] }],
    ["one that takes all the computer's memory", { wraps: [{ ...wrap, kdf: { ...wrap.kdf, memoryKiB: 2 ** 31 } }] }],
    ['a database of no size', { database: { ...header.database, bytes: 0 } }],
    ['one of endless size', { database: { ...header.database, bytes: 2 ** 50 } }],
    ['fewer than no messages', { database: { ...header.database, messages: -1 } }],
    ['a time that is none', { createdAt: 9e15 }],
  ])('%s', (_, change) => {
    expect(altered(change)).toEqual(damaged)
  })

  test('a header longer than one may be, before it is read', () => {
    const start = Buffer.from(encodeBackupHeader(header).subarray(0, PRELUDE_BYTES))
    start.writeUInt32BE(MAX_HEADER_BYTES + 1, 12)
    expect(readPrelude(start)).toEqual({ kind: 'damaged', part: 'beginning' })
    start.writeUInt32BE(0, 12)
    expect(readPrelude(start)).toEqual({ kind: 'damaged', part: 'beginning' })
  })

  test('another form of the same fields: one header has one form', () => {
    const bytes = toCbor(header)
    expect(decodeBackupHeader(around(bytes)).kind).toBe('header')
    expect(decodeBackupHeader(around(Buffer.concat([bytes, Buffer.of(0)])))).toEqual(damaged)
    // The same number of fields, said in a longer way.
    expect(decodeBackupHeader(around(Buffer.concat([Buffer.of(0xb8, 5), bytes.subarray(1)])))).toEqual(damaged)
  })
})
