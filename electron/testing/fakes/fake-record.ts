import * as z from 'zod'
import type { PeerId } from '../../../shared/domain/ids.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import type { PeerRecord } from '../../ports/wire.ts'

const schema = z.strictObject({ peer: z.string(), addresses: z.array(z.string()), seq: z.number() })

/** Stands for a signed peer record where peers have no keys: whoever makes one is believed. */
export const fakeRecord = (peer: PeerId, addresses: readonly string[], seq = 1): Uint8Array => toCbor({ peer, addresses, seq })

export function openFakeRecord(record: Uint8Array): PeerRecord | null {
  const read = fromCbor(record, schema)
  return read === null ? null : { peerId: read.peer as PeerId, addresses: read.addresses, seq: read.seq, record }
}
