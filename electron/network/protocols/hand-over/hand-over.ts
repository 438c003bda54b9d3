import * as z from 'zod'
import { fromCbor, toCbor } from '../../../kernel/cbor.ts'
import type { HandOver } from '../../../ports/wire.ts'
import { byteField, groupField, idBytes } from '../fields.ts'
import { MAX_CONTENT_BYTES } from '../history/constants.ts'
import { HANDED_BYTES, MAX_HANDED } from './constants.ts'

/** Whether so many may travel together. */
export const isHandful = (contents: readonly Uint8Array[]): boolean =>
  contents.length <= 1 || (contents.length <= MAX_HANDED && contents.reduce((sum, { length }) => sum + length, 0) <= HANDED_BYTES)

const schema = z
  .strictObject({ group: groupField, contents: z.array(byteField(1, MAX_CONTENT_BYTES)).min(1).max(MAX_HANDED).refine(isHandful) })
  .transform(({ group, contents }): HandOver => ({ groupId: group, contents }))

export const encodeHandOver = ({ groupId, contents }: HandOver): Uint8Array => toCbor({ group: idBytes(groupId), contents })

export const decodeHandOver = (body: Uint8Array): HandOver | null => fromCbor(body, schema)
