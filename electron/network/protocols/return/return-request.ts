import { z } from 'zod'
import { fromCbor, toCbor } from '../../../kernel/cbor.ts'
import type { ReturnRequest } from '../../../ports/wire.ts'
import { byteField, groupField, idBytes } from '../fields.ts'
import { MAX_KEY_PACKAGE_BYTES } from '../join/constants.ts'

const schema = z
  .strictObject({
    group: groupField,
    leaf: byteField(32, 32),
    keyPackage: byteField(1, MAX_KEY_PACKAGE_BYTES),
    signature: byteField(64, 64),
  })
  .transform(({ group, leaf, ...rest }): ReturnRequest => ({ groupId: group, leafKey: leaf, ...rest }))

export const encodeReturnRequest = ({ groupId, leafKey, keyPackage, signature }: ReturnRequest): Uint8Array =>
  toCbor({ group: idBytes(groupId), leaf: leafKey, keyPackage, signature })

export const decodeReturnRequest = (body: Uint8Array): ReturnRequest | null => fromCbor(body, schema)
