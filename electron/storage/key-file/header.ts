import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { utf8 } from '../../kernel/bytes.ts'
import { diskFault } from './durable-file.ts'
import { keyFilePath } from './profile-folder.ts'

/** Raised when an older program could misread the file. */
export const KEY_FILE_FORMAT = 1

const hexBytes = (length: number) =>
  z
    .string()
    .regex(/^[0-9a-f]*$/)
    .length(length * 2)

/** Bounds on what a file may ask for: below, it protects nothing; above, it is an attack on this computer's memory. */
const argon2 = z.strictObject({
  name: z.literal('argon2id'),
  memoryKiB: z
    .int()
    .min(64 * 1024)
    .max(1024 * 1024),
  iterations: z.int().min(3).max(64),
  parallelism: z.literal(1),
  salt: hexBytes(16),
})

const passphraseWrap = z.strictObject({
  kind: z.literal('passphrase'),
  kdf: argon2,
  nonce: hexBytes(12),
  /** AES-256-GCM of the database key: 32 bytes and the tag. */
  sealed: hexBytes(48),
})

const keyringWrap = z.strictObject({
  kind: z.literal('keyring'),
  /** Whatever the keyring made of the database key. */
  sealed: z
    .string()
    .regex(/^(?:[0-9a-f]{2})+$/)
    .max(16_384),
})

const body = z.strictObject({
  format: z.literal(KEY_FILE_FORMAT),
  /** `expected` until the database was made: only then may a missing one be made anew. */
  database: z.enum(['expected', 'made']),
  wraps: z
    .array(z.discriminatedUnion('kind', [passphraseWrap, keyringWrap]))
    .min(1)
    .refine((wraps) => new Set(wraps.map((wrap) => wrap.kind)).size === wraps.length),
})

const stored = body.extend({ check: hexBytes(32) })

/** What `profile.json` says: how the database key is wrapped. Nothing in it tells whose profile it is. */
export type Header = z.output<typeof body>
export type PassphraseWrap = z.output<typeof passphraseWrap>
export type KeyringWrap = z.output<typeof keyringWrap>
export type Argon2Settings = z.output<typeof argon2>

export type HeaderReading = { kind: 'absent' } | { kind: 'damaged' } | { kind: 'newer' } | { kind: 'present'; header: Header }

/** SHA-256 over the rest: tells a damaged file from a wrong passphrase. It protects against accidents, not people. */
const checkOf = (header: Header): string =>
  createHash('sha256')
    .update(JSON.stringify([header.format, header.database, header.wraps]))
    .digest('hex')

export function encodeHeader(header: Header): Uint8Array {
  const checked = body.parse(header)
  return utf8(`${JSON.stringify({ ...checked, check: checkOf(checked) }, null, 2)}\n`)
}

export function decodeHeader(content: string): HeaderReading {
  let value: unknown
  try {
    value = JSON.parse(content)
  } catch {
    return { kind: 'damaged' }
  }
  const format = z.object({ format: z.int() }).safeParse(value)
  if (format.success && format.data.format > KEY_FILE_FORMAT) return { kind: 'newer' }
  const parsed = stored.safeParse(value)
  if (!parsed.success) return { kind: 'damaged' }
  const { check, ...header } = parsed.data
  return check === checkOf(header) ? { kind: 'present', header } : { kind: 'damaged' }
}

/** Throws `AppError('disk')` when the folder cannot be read at all. */
export function readHeader(dir: string): HeaderReading {
  try {
    return decodeHeader(readFileSync(keyFilePath(dir), 'utf8'))
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null
    if (code === 'ENOENT') return { kind: 'absent' }
    if (code === 'EISDIR') return { kind: 'damaged' }
    throw diskFault(thrown)
  }
}
