import * as z from 'zod'
import type { PresentedLeaf } from '../../ports/wire.ts'
import { byteField } from './fields.ts'
import { MAX_KEY_PACKAGE_BYTES } from './join/constants.ts'

/** A leaf to take the place of another, as it travels: in a request to return, and in one to join. */
export const presentedLeafShape = {
  leaf: byteField(32, 32),
  keyPackage: byteField(1, MAX_KEY_PACKAGE_BYTES),
  signature: byteField(64, 64),
  peer: byteField(64, 64),
}

type Wire = z.output<z.ZodObject<typeof presentedLeafShape>>

export const toPresentedLeaf = ({ leaf, ...rest }: Wire): PresentedLeaf => ({ leafKey: leaf, ...rest })

export const presentedLeafField = z.strictObject(presentedLeafShape).transform(toPresentedLeaf)

export const presentedLeafFields = ({ leafKey, keyPackage, signature, peer }: PresentedLeaf): Wire => ({
  leaf: leafKey,
  keyPackage,
  signature,
  peer,
})
