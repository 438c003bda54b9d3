import * as z from 'zod'
import { fromCbor, toCbor } from '../../../kernel/cbor.ts'
import type { ReturnAnswer } from '../../../ports/wire.ts'
import { byteField, countField } from '../fields.ts'
import { MAX_COMMITS, MAX_COMMITS_BYTES, MAX_LATER_MS, MAX_WELCOME_BYTES } from '../join/constants.ts'
import { objectField, toObjectFields } from '../wire-object.ts'

const commitsField = z
  .array(objectField)
  .max(MAX_COMMITS)
  .refine((commits) => commits.reduce((sum, { bytes }) => sum + bytes.length, 0) <= MAX_COMMITS_BYTES)

const schema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('welcome'), welcome: byteField(1, MAX_WELCOME_BYTES), commits: commitsField }),
  z.strictObject({ kind: z.literal('leaf'), leafKey: byteField(32, 32) }),
  z.strictObject({ kind: z.literal('later'), afterMs: countField.transform((ms) => Math.min(ms, MAX_LATER_MS)) }),
  z.strictObject({ kind: z.literal('returning') }),
  z.strictObject({ kind: z.literal('refused'), code: z.enum(['not-member', 'malformed']) }),
])

export const encodeReturnAnswer = (answer: ReturnAnswer): Uint8Array =>
  toCbor(answer.kind === 'welcome' ? { ...answer, commits: answer.commits.map(toObjectFields) } : answer)

export const decodeReturnAnswer = (body: Uint8Array): ReturnAnswer | null => fromCbor(body, schema)
