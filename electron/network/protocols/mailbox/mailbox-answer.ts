import * as z from 'zod'
import { fromCbor, toCbor } from '../../../kernel/cbor.ts'
import { MARK_BYTES } from '../../../ports/mailbox.ts'
import type { MailboxAnswer, MailboxRefusal, MailboxRequest } from '../../../ports/mailbox.ts'
import { byteField, countField } from '../fields.ts'
import { MAX_MAILBOX_LATER_MS, MAX_SEALED } from './constants.ts'
import { isSealedBatch, sealedField } from './mailbox-request.ts'

const refusals = ['clock', 'signature', 'tag-full', 'mailbox-full'] as const satisfies readonly MailboxRefusal[]

const receiptField = z.strictObject({ storedAt: countField, keptUntil: countField, signature: byteField(64, 64) })

const markField = byteField(MARK_BYTES, MARK_BYTES).nullable()

const schema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('stored'), receipts: z.array(receiptField).min(1).max(MAX_SEALED) }),
  z.strictObject({
    kind: z.literal('page'),
    objects: z.array(sealedField).max(MAX_SEALED).refine(isSealedBatch),
    next: countField,
    more: z.boolean(),
    mark: markField,
    nextMark: markField,
  }),
  z.strictObject({ kind: z.literal('later'), afterMs: countField.transform((ms) => Math.min(ms, MAX_MAILBOX_LATER_MS)) }),
  z.strictObject({ kind: z.literal('refused'), code: z.enum(refusals) }),
])

export const encodeMailboxAnswer = (answer: MailboxAnswer): Uint8Array => toCbor(answer)

/** Null also for what is no answer to that request. A page goes on, or it could be asked for without an end. */
export function decodeMailboxAnswer(body: Uint8Array, request: MailboxRequest): MailboxAnswer | null {
  const answer = fromCbor(body, schema)
  switch (answer?.kind) {
    case 'stored':
      return request.kind === 'put' && answer.receipts.length === request.objects.length ? answer : null
    case 'page':
      return request.kind === 'get' && goesOn(request.after, answer) ? answer : null
    default:
      return answer
  }
}

const goesOn = (after: number, { objects, next, more, nextMark }: Extract<MailboxAnswer, { kind: 'page' }>): boolean =>
  objects.length === 0 ? next === after && !more : next >= after + objects.length && nextMark !== null
