import * as z from 'zod'
import { fromCbor, toCbor } from '../../../kernel/cbor.ts'
import type { ObjectAck } from '../../../ports/wire.ts'
import { MAX_OBJECTS } from './constants.ts'

const acks = ['stored', 'unknown-epoch', 'later', 'rejected'] as const satisfies readonly ObjectAck[]

const schema = z.array(z.enum(acks)).min(1).max(MAX_OBJECTS)

export const encodeObjectAcks = (value: readonly ObjectAck[]): Uint8Array => toCbor(value)

/** One ack for each of `count` objects, in their order. */
export function decodeObjectAcks(body: Uint8Array, count: number): ObjectAck[] | null {
  const decoded = fromCbor(body, schema)
  return decoded?.length === count ? decoded : null
}
