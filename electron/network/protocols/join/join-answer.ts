import * as z from 'zod'
import { fromCbor, toCbor } from '../../../kernel/cbor.ts'
import type { JoinAnswer, JoinRefusal, Welcomer } from '../../../ports/wire.ts'
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

const welcomerField = z
  .strictObject({ leaf: z.number().int().min(0).max(0xffffffff), signature: byteField(64, 64) })
  .transform(({ leaf, signature }): Welcomer => ({ leafIndex: leaf, signature }))

const welcomeFields = z.strictObject({
  kind: z.literal('welcome'),
  welcome: byteField(1, MAX_WELCOME_BYTES),
  commits: commitsField,
  peers: hintsField,
  by: welcomerField,
})

const schema = z.discriminatedUnion('kind', [
  welcomeFields,
  z.strictObject({ kind: z.literal('refused'), code: z.enum(refusals) }),
  z.strictObject({ kind: z.literal('leaf'), leafKey: byteField(32, 32) }),
  z.strictObject({ kind: z.literal('later'), afterMs: countField.transform((ms) => Math.min(ms, MAX_LATER_MS)) }),
])

export function encodeJoinAnswer(answer: JoinAnswer): Uint8Array {
  if (answer.kind !== 'welcome') return toCbor(answer)
  const { commits, peers, by } = answer
  const welcomer = { leaf: by.leafIndex, signature: by.signature }
  return toCbor({ ...answer, commits: commits.map(toObjectFields), peers: toHintFields(peers), by: welcomer })
}

export const decodeJoinAnswer = (body: Uint8Array): JoinAnswer | null => fromCbor(body, schema)
