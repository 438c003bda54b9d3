import * as z from 'zod'
import { fromUtf8, utf8 } from '../../kernel/bytes.ts'
import { isVersion } from './version.ts'

/** The installer of one system; `kind` is how the running program tells which of them is its own. */
export interface ReleaseFile {
  platform: 'linux' | 'darwin' | 'win32'
  arch: 'x64' | 'arm64'
  kind: 'deb' | 'AppImage' | 'nsis'
  /** A base name, looked for beside the announcement. */
  name: string
  /** In bytes. */
  size: number
  /** Lower-case hexadecimal, as `sha512sum` prints it. */
  sha512: string
}

/** What the makers say about a version: all of it is signed, and nothing else about an update is believed. */
export interface Release {
  format: 'spacepanda-release-1'
  version: string
  /** When it was announced, not when it was built: an announcement is renewed while its version is the newest. ISO 8601, whole seconds, UTC. */
  date: string
  /** Which part of all installations is offered it, in per cent. */
  rollout: number
  /** What changed, as plain text. */
  notes: string
  files: readonly ReleaseFile[]
}

export const releaseLimits = {
  /** Ten times the largest package of today. */
  fileSize: 2 ** 30,
  notes: 8_000,
  files: 24,
} as const

/** No folder, no leading dot, nothing a shell or a URL would read as more than a name. */
const fileName = /^[A-Za-z0-9](?:[A-Za-z0-9 ._~+-]{0,126}[A-Za-z0-9])?$/

const isDate = (text: string): boolean => {
  const time = Date.parse(text)
  return !Number.isNaN(time) && isoSeconds(time) === text
}

/** Milliseconds since the epoch, written as every date of ours is. */
export const isoSeconds = (time: number): string => new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z')

export const dateText = z.string().max(20).refine(isDate)

/** Control characters could make a terminal or a page show something else than what was signed. */
const plainText = z
  .string()
  .max(releaseLimits.notes)
  .refine((text) => !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(text.replaceAll('\n', '')))

const fileSchema: z.ZodType<ReleaseFile> = z.strictObject({
  platform: z.enum(['linux', 'darwin', 'win32']),
  arch: z.enum(['x64', 'arm64']),
  kind: z.enum(['deb', 'AppImage', 'nsis']),
  name: z.string().regex(fileName),
  size: z.int().min(1).max(releaseLimits.fileSize),
  sha512: z.string().regex(/^[0-9a-f]{128}$/),
})

const target = ({ platform, arch, kind }: ReleaseFile): string => `${platform} ${arch} ${kind}`

const releaseSchema: z.ZodType<Release> = z.strictObject({
  format: z.literal('spacepanda-release-1'),
  version: z.string().refine(isVersion),
  date: dateText,
  rollout: z.int().min(0).max(100),
  notes: plainText,
  files: z
    .array(fileSchema)
    .min(1)
    .max(releaseLimits.files)
    .refine((files) => new Set(files.map(target)).size === files.length)
    .refine((files) => new Set(files.map(({ name }) => name)).size === files.length),
})

/** One text for one value: what is signed is this, and what is written otherwise is not read. */
export const canonicalText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/**
 * Reads what `canonicalText` wrote; null for anything else, be it only a space more. So two programs cannot read different
 * things in the same signed bytes (a key that comes twice, a number written differently).
 */
export function readCanonical<T>(bytes: Uint8Array, schema: z.ZodType<T>): T | null {
  let text: string
  let value: unknown
  try {
    text = fromUtf8(bytes)
    value = JSON.parse(text)
  } catch {
    return null
  }
  const read = schema.safeParse(value)
  // What a strict schema let pass keeps the order of the schema's keys, so another order is another text.
  return read.success && canonicalText(read.data) === text ? read.data : null
}

/** The bytes that are signed. Throws on what could not be read back: nobody shall sign that. */
export function encodeRelease(release: Release): Uint8Array {
  const bytes = utf8(canonicalText(releaseSchema.parse(release)))
  if (decodeRelease(bytes) === null) throw new TypeError('this release cannot be written')
  return bytes
}

export const decodeRelease = (bytes: Uint8Array): Release | null => readCanonical(bytes, releaseSchema)
