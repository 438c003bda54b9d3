import { createHash } from 'node:crypto'
import * as z from 'zod'
import { equalBytes } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import { invariant } from '../../kernel/errors.ts'
import { wrapList } from '../key-file/header.ts'
import type { BackupPart } from './backup-errors.ts'
import { BACKUP_FORMAT, DIGEST_BYTES, KEY_CHECK_BYTES, MAGIC, MAX_HEADER_BYTES, PRELUDE_BYTES, SALT_BYTES } from './layout.ts'
import { portable } from './portable-wraps.ts'

const bytesOf = (length: number) => z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === length)
/** Of the largest database that SQLite can have with pages of 4 KiB: 16 TiB. */
const MAX_DATABASE_BYTES = 2 ** 44
const LAST_DATE_MS = 8.64e15

const schema = z.strictObject({
  createdAt: z.int().min(0).max(LAST_DATE_MS),
  database: z.strictObject({
    bytes: z.int().min(512).max(MAX_DATABASE_BYTES),
    spaces: z.int().min(0),
    messages: z.int().min(0),
  }),
  salt: bytesOf(SALT_BYTES),
  keyCheck: bytesOf(KEY_CHECK_BYTES),
  /** As in the key file. Never that of a keyring: it would open nothing on another computer. */
  wraps: wrapList.transform((wraps, context) => {
    const own = portable(wraps)
    if (own.length < wraps.length) context.addIssue('a wrap of a keyring')
    return own
  }),
})

/** What a backup says about itself before its content. Authentic only once the end of the file was verified. */
export type BackupHeader = z.output<typeof schema>

export type HeaderReading =
  | { kind: 'header'; header: BackupHeader }
  | { kind: 'not-a-backup' }
  | { kind: 'newer' }
  | { kind: 'truncated' }
  | { kind: 'damaged'; part: BackupPart }

const digest = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest())

/** Everything before the database: magic, format, length, header and the hash of them. */
export function encodeBackupHeader(header: BackupHeader): Uint8Array {
  const body = toCbor(schema.parse(header))
  invariant(body.length <= MAX_HEADER_BYTES, 'the header of a backup is bounded')
  const start = new Uint8Array(PRELUDE_BYTES + body.length)
  start.set(MAGIC)
  new DataView(start.buffer).setUint32(8, BACKUP_FORMAT)
  new DataView(start.buffer).setUint32(12, body.length)
  start.set(body, PRELUDE_BYTES)
  return Buffer.concat([start, digest(start)])
}

/** How much of a file's beginning must be read to have the whole header, as far as its first `PRELUDE_BYTES` tell. */
export type PreludeReading = { kind: 'prelude'; length: number } | Exclude<HeaderReading, { kind: 'header' }>

/** Total: any bytes give an answer. */
export function readPrelude(start: Uint8Array): PreludeReading {
  const known = Math.min(start.length, MAGIC.length)
  if (start.length === 0 || !equalBytes(start.subarray(0, known), MAGIC.subarray(0, known))) return { kind: 'not-a-backup' }
  if (start.length < PRELUDE_BYTES) return { kind: 'truncated' }
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength)
  const format = view.getUint32(8)
  if (format > BACKUP_FORMAT) return { kind: 'newer' }
  const body = view.getUint32(12)
  if (format === 0 || body === 0 || body > MAX_HEADER_BYTES) return { kind: 'damaged', part: 'beginning' }
  return { kind: 'prelude', length: PRELUDE_BYTES + body + DIGEST_BYTES }
}

/** Reads the beginning of a file, which may be longer than the header. Total: any bytes give an answer. */
export function decodeBackupHeader(start: Uint8Array): HeaderReading {
  const prelude = readPrelude(start)
  if (prelude.kind !== 'prelude') return prelude
  if (start.length < prelude.length) return { kind: 'truncated' }
  const checked = start.subarray(0, prelude.length - DIGEST_BYTES)
  const damaged: HeaderReading = { kind: 'damaged', part: 'header' }
  if (!equalBytes(digest(checked), start.subarray(checked.length, prelude.length))) return damaged
  const header = fromCbor(checked.subarray(PRELUDE_BYTES), schema)
  return header === null ? damaged : { kind: 'header', header }
}
