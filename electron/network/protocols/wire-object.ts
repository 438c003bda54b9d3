import * as z from 'zod'
import type { Eid } from '../../../shared/domain/ids.ts'
import type { WireObject } from '../../ports/wire.ts'
import { byteField, idBytes, idField } from './fields.ts'

/** A commit with a full path in a cold tree of 1,000 with X-Wing has 1.2 MB (PERFORMANCE.md). */
export const MAX_OBJECT_BYTES = 2 * 1024 * 1024

export const objectField: z.ZodType<WireObject> = z.strictObject({ eid: idField<Eid>(), bytes: byteField(1, MAX_OBJECT_BYTES) })

export const toObjectFields = ({ eid, bytes }: WireObject): unknown => ({ eid: idBytes(eid), bytes })
