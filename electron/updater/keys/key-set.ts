import { createPublicKey, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import * as z from 'zod'

/** A maker's public key: who holds it, and the 32 bytes of Ed25519 in lower-case hexadecimal. */
export interface MakerKey {
  name: string
  key: string
}

/** Three keys, of which two have to agree. `serial` counts how often the set was replaced. */
export interface KeySet {
  serial: number
  keys: readonly [MakerKey, MakerKey, MakerKey]
}

export interface Signature {
  /** The public key, so that no name decides what is verified with what. */
  key: string
  /** 64 bytes in lower-case hexadecimal. */
  signature: string
}

/** How many of the three have to sign: one thief, or one fool, is not enough; one loss does not end the updates. */
export const SIGNATURES_NEEDED = 2

export const keyText = z.string().regex(/^[0-9a-f]{64}$/)

const makerKeySchema: z.ZodType<MakerKey> = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}$/),
  key: keyText,
})

const allDifferent = (keys: readonly MakerKey[]): boolean =>
  new Set(keys.map(({ key }) => key)).size === keys.length && new Set(keys.map(({ name }) => name)).size === keys.length

export const threeKeys = z.tuple([makerKeySchema, makerKeySchema, makerKeySchema]).refine(allDifferent)

export const serialNumber = z.int().min(0).max(1_000)

const keySetSchema: z.ZodType<KeySet> = z.strictObject({ serial: serialNumber, keys: threeKeys })

export const signatureSchema: z.ZodType<Signature> = z.strictObject({ key: keyText, signature: z.string().regex(/^[0-9a-f]{128}$/) })

/** A set as it stands in a file or in the build; null if it is none, so a placeholder or the same key twice is no set. */
export function readKeySet(value: unknown): KeySet | null {
  const read = keySetSchema.safeParse(value)
  return read.success && read.data.keys.every(({ key }) => publicKeyOf(key) !== null) ? read.data : null
}

/** RFC 8410: what stands before the 32 bytes of an Ed25519 public key in DER. */
const SPKI_PREFIX = '302a300506032b6570032100'

/** Null for 32 bytes that OpenSSL takes for no key. */
function publicKeyOf(key: string): KeyObject | null {
  try {
    return createPublicKey({ key: Buffer.from(SPKI_PREFIX + key, 'hex'), format: 'der', type: 'spki' })
  } catch {
    return null
  }
}

/** The 32 bytes of a public key, in hexadecimal. */
export const keyOf = (publicKey: KeyObject): string => publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex')

export function verifySignature({ key, signature }: Signature, bytes: Uint8Array): boolean {
  const publicKey = publicKeyOf(key)
  return publicKey !== null && verify(null, bytes, publicKey, Buffer.from(signature, 'hex'))
}
