import * as z from 'zod'
import { fromCbor, toCbor } from '../../../kernel/cbor.ts'
import type { LeaveAnswer } from '../../../ports/wire.ts'
import { countField } from '../fields.ts'
import { MAX_LATER_MS } from '../join/constants.ts'

const schema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('done') }),
  z.strictObject({ kind: z.literal('later'), afterMs: countField.transform((ms) => Math.min(ms, MAX_LATER_MS)) }),
  z.strictObject({ kind: z.literal('refused'), code: z.enum(['malformed', 'last-owner']) }),
])

export const encodeLeaveAnswer = (answer: LeaveAnswer): Uint8Array => toCbor(answer)

export const decodeLeaveAnswer = (body: Uint8Array): LeaveAnswer | null => fromCbor(body, schema)
