import { z } from 'zod'
import type { Eid } from '../../../../shared/domain/ids.ts'
import { fromCbor, toCbor } from '../../../kernel/cbor.ts'
import type { ObjectPush, WireObject } from '../../../ports/wire.ts'
import { byteField, groupField, idBytes, idField } from '../fields.ts'
import { MAX_BATCH_BYTES, MAX_OBJECTS, MAX_OBJECT_BYTES } from './constants.ts'

const objectField = z.strictObject({ eid: idField<Eid>(), bytes: byteField(1, MAX_OBJECT_BYTES) })

const schema = z
  .strictObject({ group: groupField, objects: z.array(objectField).min(1).max(MAX_OBJECTS).refine(isBatch) })
  .transform((wire): ObjectPush => ({ groupId: wire.group, objects: wire.objects }))

/** Whether so many bytes may travel together. */
export function isBatch(objects: readonly Pick<WireObject, 'bytes'>[]): boolean {
  return objects.length <= 1 || objects.reduce((sum, object) => sum + object.bytes.length, 0) <= MAX_BATCH_BYTES
}

export const encodeObjectPush = (push: ObjectPush): Uint8Array =>
  toCbor({ group: idBytes(push.groupId), objects: push.objects.map(({ eid, bytes }) => ({ eid: idBytes(eid), bytes })) })

export const decodeObjectPush = (body: Uint8Array): ObjectPush | null => fromCbor(body, schema)
