import { createHash } from 'node:crypto'
import * as z from 'zod'
import { utf8 } from '../../kernel/bytes.ts'
import { ARGON2_CEILING, ARGON2_FLOOR } from './argon2.ts'

/** Raised when an older program could misread the file. 2 added the recovery phrase, the copy, `generation` and `keyId`. */
const KEY_FILE_FORMAT = 2

const hexBytes = (length: number) =>
  z
    .string()
    .regex(/^[0-9a-f]*$/)
    .length(length * 2)

const argon2 = z.strictObject({
  name: z.literal(ARGON2_FLOOR.name),
  memoryKiB: z.int().min(ARGON2_FLOOR.memoryKiB).max(ARGON2_CEILING.memoryKiB),
  iterations: z.int().min(ARGON2_FLOOR.iterations).max(ARGON2_CEILING.iterations),
  parallelism: z.literal(1),
  salt: hexBytes(16),
})

/** AES-256-GCM of the database key: 32 bytes and the tag. */
const sealed = { nonce: hexBytes(12), sealed: hexBytes(48) }

const passphraseWrap = z.strictObject({ kind: z.literal('passphrase'), kdf: argon2, ...sealed })

const hkdf = z.strictObject({ name: z.literal('hkdf-sha256'), salt: hexBytes(16) })

const recoveryWrap = z.strictObject({ kind: z.literal('recovery'), kdf: hkdf, ...sealed })

const keyringWrap = z.strictObject({
  kind: z.literal('keyring'),
  /** Whatever the keyring made of the database key. */
  sealed: z
    .string()
    .regex(/^(?:[0-9a-f]{2})+$/)
    .max(16_384),
})

const oneOfEach = (wraps: readonly { kind: string }[]): boolean => new Set(wraps.map((wrap) => wrap.kind)).size === wraps.length

/** The ways to a database key, at most one of each kind: of a key file, and of a backup. */
export const wrapList = z
  .array(z.discriminatedUnion('kind', [passphraseWrap, recoveryWrap, keyringWrap]))
  .min(1)
  .refine(oneOfEach)

/** `expected` until the database was made: only then may a missing one be made anew. */
const database = z.enum(['expected', 'made'])
const check = hexBytes(32)

const body = z.strictObject({
  format: z.literal(KEY_FILE_FORMAT),
  /** Grows with each change, so that of the file and its copy the newer one is known. */
  generation: z.int().min(1),
  /** Tells keys apart without telling anything of them, see `keyIdOf`; null until the key was at hand. */
  keyId: hexBytes(16).nullable(),
  database,
  wraps: wrapList,
})

const storedNow = body.extend({ check })
const storedFirst = z.strictObject({
  format: z.literal(1),
  database,
  wraps: z
    .array(z.discriminatedUnion('kind', [passphraseWrap, keyringWrap]))
    .min(1)
    .refine(oneOfEach),
  check,
})

/** What `profile.json` says: how the database key is wrapped. Nothing in it tells whose profile it is. */
export type Header = Omit<z.output<typeof body>, 'format'>
export type Wrap = Header['wraps'][number]
export type PassphraseWrap = z.output<typeof passphraseWrap>
export type RecoveryWrap = z.output<typeof recoveryWrap>
export type KeyringWrap = z.output<typeof keyringWrap>
export type Argon2Settings = z.output<typeof argon2>
export type HkdfSettings = z.output<typeof hkdf>

export type HeaderReading = { kind: 'absent' } | { kind: 'damaged' } | { kind: 'newer' } | { kind: 'present'; header: Header }

/** SHA-256 over the rest: tells a damaged file from a wrong passphrase. It protects against accidents, not people. */
const checkOf = (...fields: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(fields)).digest('hex')
const checkOfHeader = ({ generation, keyId, database: stage, wraps }: Header): string =>
  checkOf(KEY_FILE_FORMAT, generation, keyId, stage, wraps)

export function encodeHeader(header: Header): Uint8Array {
  const checked = body.parse({ ...header, format: KEY_FILE_FORMAT })
  return utf8(`${JSON.stringify({ ...checked, check: checkOfHeader(checked) }, null, 2)}\n`)
}

export function decodeHeader(content: string): HeaderReading {
  let value: unknown
  try {
    value = JSON.parse(content)
  } catch {
    return { kind: 'damaged' }
  }
  const format = z.object({ format: z.int() }).safeParse(value).data?.format ?? 0
  if (format > KEY_FILE_FORMAT) return { kind: 'newer' }
  return format === 1 ? decodeFirst(value) : decodeNow(value)
}

function decodeNow(value: unknown): HeaderReading {
  const parsed = storedNow.safeParse(value)
  if (!parsed.success) return { kind: 'damaged' }
  const { check: stated, format: _, ...header } = parsed.data
  return stated === checkOfHeader(header) ? { kind: 'present', header } : { kind: 'damaged' }
}

/** A file of the first format, as what the second says of it: before all generations, of an unknown key. */
function decodeFirst(value: unknown): HeaderReading {
  const parsed = storedFirst.safeParse(value)
  if (!parsed.success) return { kind: 'damaged' }
  const { format, database: stage, wraps, check: stated } = parsed.data
  if (stated !== checkOf(format, stage, wraps)) return { kind: 'damaged' }
  return { kind: 'present', header: { generation: 1, keyId: null, database: stage, wraps } }
}
