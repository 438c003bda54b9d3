import { readFile, rename, writeFile } from 'node:fs/promises'
import { fromUtf8, utf8 } from '../../kernel/bytes.ts'
import { AppError } from '../../kernel/errors.ts'
import { decodeRotation, signedRotationSchema } from '../keys/rotation.ts'
import type { Rotation, SignedRotation } from '../keys/rotation.ts'
import type { Signature } from '../keys/key-set.ts'
import { decodeAnnouncement, encodeAnnouncement } from '../release/announcement.ts'
import type { Announcement } from '../release/announcement.ts'
import { canonicalText, decodeRelease, readCanonical } from '../release/release.ts'
import type { Release } from '../release/release.ts'

/** The two things that makers sign. */
export type Document =
  { kind: 'announcement'; announcement: Announcement; release: Release } | { kind: 'rotation'; signed: SignedRotation; rotation: Rotation }

/** Reads either; throws on anything else, for nobody shall sign what the program will not read. */
export async function readDocument(file: string): Promise<Document> {
  const bytes = new Uint8Array(await readFile(file))
  const announcement = decodeAnnouncement(bytes)
  if (announcement !== null) {
    const release = decodeRelease(utf8(announcement.release))
    if (release !== null) return { kind: 'announcement', announcement, release }
  }
  const signed = readCanonical(bytes, signedRotationSchema)
  const rotation = signed === null ? null : decodeRotation(signed.statement)
  if (signed !== null && rotation !== null) return { kind: 'rotation', signed, rotation }
  throw new AppError('invalid', `${file} is neither an announcement nor a statement about keys.`)
}

export const textOf = (document: Document): string =>
  document.kind === 'announcement' ? document.announcement.release : document.signed.statement

export const signaturesOf = (document: Document): readonly Signature[] =>
  document.kind === 'announcement' ? document.announcement.signatures : document.signed.signatures

/** Writes it with these signatures, in place of what was there. */
export async function writeDocument(file: string, document: Document, signatures: readonly Signature[]): Promise<void> {
  const text =
    document.kind === 'announcement'
      ? fromUtf8(encodeAnnouncement({ ...document.announcement, signatures }))
      : canonicalText({ ...document.signed, signatures })
  await writeFile(`${file}.new`, text)
  await rename(`${file}.new`, file)
}
