import * as z from 'zod'
import { utf8 } from '../../kernel/bytes.ts'
import { signatureSchema } from '../keys/key-set.ts'
import type { Signature } from '../keys/key-set.ts'
import { MAX_ROTATIONS, MAX_SIGNATURES, signedRotationSchema } from '../keys/rotation.ts'
import type { SignedRotation } from '../keys/rotation.ts'
import { canonicalText, readCanonical } from './release.ts'

/** The one file that is asked for: a release as its canonical text, who signed it, and how keys were replaced until then. */
export interface Announcement {
  release: string
  signatures: readonly Signature[]
  rotations: readonly SignedRotation[]
}

/** Notes of the greatest length in a script of four bytes, all files, all rotations. */
export const MAX_ANNOUNCEMENT_BYTES = 128 * 1024

/** Its name on the server, beside the packages. */
export const ANNOUNCEMENT_NAME = 'spacepanda-release.json'

const announcementSchema: z.ZodType<Announcement> = z.strictObject({
  release: z.string(),
  signatures: z.array(signatureSchema).max(MAX_SIGNATURES),
  rotations: z.array(signedRotationSchema).max(MAX_ROTATIONS),
})

export const encodeAnnouncement = (announcement: Announcement): Uint8Array => utf8(canonicalText(announcementSchema.parse(announcement)))

/** Null unless it is one; says nothing about its signatures. */
export function decodeAnnouncement(bytes: Uint8Array): Announcement | null {
  return bytes.length > MAX_ANNOUNCEMENT_BYTES ? null : readCanonical(bytes, announcementSchema)
}
