import * as z from 'zod'
import type { ChannelId, MessageId } from '../../../../shared/domain/ids.ts'
import { fromCbor, toCbor } from '../../../kernel/cbor.ts'
import type { HistoryRequest } from '../../../ports/wire.ts'
import { countField, groupField, idBytes, idField } from '../fields.ts'

type Place = HistoryRequest['after']

/** [channel, Lamport time, message id]; null before the first. */
export const placeField = z
  .tuple([idField<ChannelId>(), countField, idField<MessageId>()])
  .transform(([channelId, lamport, messageId]) => ({ channelId, lamport, messageId }))
  .nullable()

export const toPlaceField = (place: Place) => place && [idBytes(place.channelId), place.lamport, idBytes(place.messageId)]

const schema = z
  .strictObject({ group: groupField, after: placeField })
  .transform(({ group, after }): HistoryRequest => ({ groupId: group, after }))

export const encodeHistoryRequest = ({ groupId, after }: HistoryRequest): Uint8Array =>
  toCbor({ group: idBytes(groupId), after: toPlaceField(after) })

export const decodeHistoryRequest = (body: Uint8Array): HistoryRequest | null => fromCbor(body, schema)
