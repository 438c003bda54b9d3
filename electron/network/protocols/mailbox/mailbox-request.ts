import * as z from 'zod'
import { fromCbor, toCbor } from '../../../kernel/cbor.ts'
import type { MailboxRequest } from '../../../ports/mailbox.ts'
import { byteField, countField } from '../fields.ts'
import { MAX_SEALED, MAX_SEALED_BYTES, MIN_SEALED_BYTES, SEALED_BYTES } from './constants.ts'

/** Whether so many may travel together. */
export const isSealedBatch = (objects: readonly Uint8Array[]): boolean =>
  objects.length <= 1 || (objects.length <= MAX_SEALED && objects.reduce((sum, { length }) => sum + length, 0) <= SEALED_BYTES)

export const sealedField = byteField(MIN_SEALED_BYTES, MAX_SEALED_BYTES)

const common = { tag: byteField(32, 32), at: countField, signature: byteField(64, 64) }

const schema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('put'), ...common, objects: z.array(sealedField).min(1).max(MAX_SEALED).refine(isSealedBatch) }),
  z.strictObject({ kind: z.literal('get'), ...common, after: countField }),
])

export const encodeMailboxRequest = (request: MailboxRequest): Uint8Array => toCbor(request)

export const decodeMailboxRequest = (body: Uint8Array): MailboxRequest | null => fromCbor(body, schema)
