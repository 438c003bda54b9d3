import * as z from 'zod'
import { fromCbor, toCbor } from '../../../kernel/cbor.ts'
import type { ObjectPush, WireObject } from '../../../ports/wire.ts'
import { groupField, idBytes } from '../fields.ts'
import { objectField, toObjectFields } from '../wire-object.ts'
import { MAX_BATCH_BYTES, MAX_OBJECTS } from './constants.ts'

const schema = z
  .strictObject({ group: groupField, objects: z.array(objectField).min(1).max(MAX_OBJECTS).refine(isBatch) })
  .transform((wire): ObjectPush => ({ groupId: wire.group, objects: wire.objects }))

/** Whether so many bytes may travel together. */
export function isBatch(objects: readonly Pick<WireObject, 'bytes'>[]): boolean {
  return objects.length <= 1 || objects.reduce((sum, object) => sum + object.bytes.length, 0) <= MAX_BATCH_BYTES
}

export const encodeObjectPush = (push: ObjectPush): Uint8Array =>
  toCbor({ group: idBytes(push.groupId), objects: push.objects.map(toObjectFields) })

export const decodeObjectPush = (body: Uint8Array): ObjectPush | null => fromCbor(body, schema)
