import { z } from 'zod'
import { fromCbor, toCbor } from '../../../kernel/cbor.ts'
import type { JoinAnswer, JoinRefusal } from '../../../ports/wire.ts'
import { byteField, countField } from '../fields.ts'
import { hintsField, toHintFields } from '../peer-hint.ts'
import { objectField, toObjectFields } from '../wire-object.ts'
import { MAX_COMMITS, MAX_COMMITS_BYTES, MAX_LATER_MS, MAX_WELCOME_BYTES } from './constants.ts'

const refusals = [
  'invitation-malformed',
  'invitation-expired',
  'invitation-used-up',
  'invitation-revoked',
  'invitation-wrong-space',
  'already-member',
  'not-permitted',
  'removed',
] as const satisfies readonly JoinRefusal[]

const commitsField = z
  .array(objectField)
  .max(MAX_COMMITS)
  .refine((commits) => commits.reduce((sum, { bytes }) => sum + bytes.length, 0) <= MAX_COMMITS_BYTES)

const schema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('welcome'), welcome: byteField(1, MAX_WELCOME_BYTES), commits: commitsField, peers: hintsField }),
  z.strictObject({ kind: z.literal('refused'), code: z.enum(refusals) }),
  z.strictObject({ kind: z.literal('leaf'), leafKey: byteField(32, 32) }),
  z.strictObject({ kind: z.literal('later'), afterMs: countField.transform((ms) => Math.min(ms, MAX_LATER_MS)) }),
])

export const encodeJoinAnswer = (answer: JoinAnswer): Uint8Array =>
  toCbor(answer.kind === 'welcome' ? { ...answer, commits: answer.commits.map(toObjectFields), peers: toHintFields(answer.peers) } : answer)

export const decodeJoinAnswer = (body: Uint8Array): JoinAnswer | null => fromCbor(body, schema)
