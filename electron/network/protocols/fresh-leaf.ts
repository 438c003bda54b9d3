import { z } from 'zod'
import type { FreshLeaf, PresentedLeaf } from '../../ports/wire.ts'
import { byteField } from './fields.ts'
import { MAX_KEY_PACKAGE_BYTES } from './join/constants.ts'

/** A leaf to take the place of another, as it travels: in a request to return, and in one to join. */
export const freshLeafShape = {
  leaf: byteField(32, 32),
  keyPackage: byteField(1, MAX_KEY_PACKAGE_BYTES),
  signature: byteField(64, 64),
}

type Wire = z.output<z.ZodObject<typeof freshLeafShape>>

export const toFreshLeaf = ({ leaf, keyPackage, signature }: Wire): FreshLeaf => ({ leafKey: leaf, keyPackage, signature })

export const freshLeafFields = ({ leafKey, keyPackage, signature }: FreshLeaf): Wire => ({ leaf: leafKey, keyPackage, signature })

export const presentedLeafField = z
  .strictObject({ ...freshLeafShape, peer: byteField(64, 64) })
  .transform(({ peer, ...fresh }): PresentedLeaf => ({ ...toFreshLeaf(fresh), peer }))

export const presentedLeafFields = ({ peer, ...fresh }: PresentedLeaf): object => ({ ...freshLeafFields(fresh), peer })
