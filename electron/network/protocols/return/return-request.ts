import * as z from 'zod'
import { fromCbor, toCbor } from '../../../kernel/cbor.ts'
import type { ReturnRequest } from '../../../ports/wire.ts'
import { groupField, idBytes } from '../fields.ts'
import { presentedLeafFields, presentedLeafShape, toPresentedLeaf } from '../fresh-leaf.ts'

const schema = z
  .strictObject({ group: groupField, ...presentedLeafShape })
  .transform(({ group, ...fresh }): ReturnRequest => ({ groupId: group, ...toPresentedLeaf(fresh) }))

export const encodeReturnRequest = ({ groupId, ...fresh }: ReturnRequest): Uint8Array =>
  toCbor({ group: idBytes(groupId), ...presentedLeafFields(fresh) })

export const decodeReturnRequest = (body: Uint8Array): ReturnRequest | null => fromCbor(body, schema)
