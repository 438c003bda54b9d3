import * as z from 'zod'
import { utf8 } from '../../kernel/bytes.ts'
import { err, ok } from '../../kernel/result.ts'
import type { Result } from '../../kernel/result.ts'
import { canonicalText, dateText, readCanonical } from '../release/release.ts'
import { serialNumber, signatureSchema, threeKeys } from './key-set.ts'
import type { KeySet, Signature } from './key-set.ts'
import { signedBy } from './signed-by.ts'

/** "From now on it is these three keys." Two of the three before them sign it. */
export interface Rotation extends KeySet {
  format: 'spacepanda-key-rotation-1'
  date: string
}

/** A statement, as its canonical text, with who signed it. */
export interface SignedRotation {
  statement: string
  signatures: readonly Signature[]
}

/** More sets than keys are replaced in the life of a program. */
export const MAX_ROTATIONS = 16
export const MAX_SIGNATURES = 8
/** Three keys with long names are 700 bytes. */
const MAX_STATEMENT = 2_000

const rotationSchema: z.ZodType<Rotation> = z.strictObject({
  format: z.literal('spacepanda-key-rotation-1'),
  serial: serialNumber.min(1),
  date: dateText,
  keys: threeKeys,
})

export const signedRotationSchema: z.ZodType<SignedRotation> = z.strictObject({
  statement: z.string().max(MAX_STATEMENT),
  signatures: z.array(signatureSchema).max(MAX_SIGNATURES),
})

export const encodeRotation = (rotation: Rotation): string => canonicalText(rotationSchema.parse(rotation))
export const decodeRotation = (statement: string): Rotation | null => readCanonical(utf8(statement), rotationSchema)

/**
 * The set in force after these statements, and those of them that led there: each replaces the set before it and no other. Those about
 * sets up to the one we begin with are passed over unread: nobody can lead back to keys that were replaced.
 */
export function followRotations(
  pinned: KeySet,
  rotations: readonly SignedRotation[],
): Result<{ set: KeySet; led: readonly SignedRotation[] }, { kind: 'bad-rotation' }> {
  let current = pinned
  const led: SignedRotation[] = []
  for (const signed of rotations) {
    const { statement, signatures } = signed
    const rotation = decodeRotation(statement)
    if (rotation === null) return err({ kind: 'bad-rotation' })
    if (rotation.serial <= current.serial) continue
    if (rotation.serial !== current.serial + 1) return err({ kind: 'bad-rotation' })
    if (!signedBy(current.keys, utf8(statement), signatures).ok) return err({ kind: 'bad-rotation' })
    current = { serial: rotation.serial, keys: rotation.keys }
    led.push(signed)
  }
  return ok({ set: current, led })
}
