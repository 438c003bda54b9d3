import * as z from 'zod'
import { fromCbor, toCbor } from '../../../kernel/cbor.ts'
import type { WelcomeAnswer } from '../../../ports/wire.ts'
import { byteField, countField } from '../fields.ts'
import { MAX_KEY_PACKAGE_BYTES, MAX_LATER_MS } from '../join/constants.ts'
import { MAX_OFFERS } from './constants.ts'
import { offerField, toOfferField } from './offer-field.ts'

const schema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('done') }),
  z.strictObject({ kind: z.literal('return'), keyPackage: byteField(1, MAX_KEY_PACKAGE_BYTES), signature: byteField(64, 64) }),
  z.strictObject({ kind: z.literal('offers'), offers: z.array(offerField).max(MAX_OFFERS) }),
  z.strictObject({ kind: z.literal('later'), afterMs: countField.transform((ms) => Math.min(ms, MAX_LATER_MS)) }),
  z.strictObject({ kind: z.literal('refused') }),
])

export const encodeWelcomeAnswer = (answer: WelcomeAnswer): Uint8Array =>
  toCbor(answer.kind === 'offers' ? { kind: answer.kind, offers: answer.offers.map(toOfferField) } : answer)

/** Null also for an answer to the other kind of question. */
export function decodeWelcomeAnswer(body: Uint8Array, asked: 'call' | 'offers'): WelcomeAnswer | null {
  const answer = fromCbor(body, schema)
  const fits = answer !== null && (answer.kind === 'later' || (answer.kind === 'offers') === (asked === 'offers'))
  return fits ? answer : null
}
