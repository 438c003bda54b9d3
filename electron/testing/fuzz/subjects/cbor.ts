import { decode } from 'cborg'
import { toCbor } from '../../../kernel/cbor.ts'
import type { Structure } from '../subject.ts'

/** Everything of ours that is CBOR all through. */
export const cborStructure: Structure = { loose: true, open: (bytes): unknown => decode(bytes), close: toCbor }
