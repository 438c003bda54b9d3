import * as z from 'zod'
import type { MemberId } from '../../../../shared/domain/ids.ts'
import { trimmedName } from '../../../../shared/ipc/schemas.ts'
import { fromCbor, toCbor } from '../../../kernel/cbor.ts'
import type { HistoryAnswer, PastMessage } from '../../../ports/wire.ts'
import { byteField, countField, idBytes, idField } from '../fields.ts'
import { MAX_LATER_MS } from '../join/constants.ts'
import { MAX_CONTENT_BYTES, MAX_PAGE_MESSAGES, PAGE_BYTES } from './constants.ts'
import { placeField, toPlaceField } from './history-request.ts'

const messageField = z
  .tuple([idField<MemberId>(), trimmedName, byteField(1, MAX_CONTENT_BYTES)])
  .transform(([author, name, content]): PastMessage => ({ author, name, content }))

/** Whether so many may travel in one page. */
export const isPage = (messages: readonly PastMessage[]): boolean =>
  messages.length <= 1 ||
  (messages.length <= MAX_PAGE_MESSAGES && messages.reduce((sum, { content }) => sum + content.length, 0) <= PAGE_BYTES)

const schema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('page'), messages: z.array(messageField).refine(isPage), next: placeField }),
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('later'), afterMs: countField.transform((ms) => Math.min(ms, MAX_LATER_MS)) }),
])

export function encodeHistoryAnswer(answer: HistoryAnswer): Uint8Array {
  if (answer.kind !== 'page') return toCbor(answer)
  const messages = answer.messages.map(({ author, name, content }) => [idBytes(author), name, content])
  return toCbor({ kind: 'page', messages, next: toPlaceField(answer.next) })
}

export const decodeHistoryAnswer = (body: Uint8Array): HistoryAnswer | null => fromCbor(body, schema)
