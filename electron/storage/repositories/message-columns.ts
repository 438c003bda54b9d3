import * as z from 'zod'
import type { StoredMessage } from '../../ports/store.ts'
import { bytes, hexId, integer, json, nullableHexId, nullableText, row, text } from '../sqlite/columns.ts'

/** Of `messages`, which must have no other name in the query. */
export const MESSAGE_COLUMNS = `message_id AS messageId, messages.group_id AS groupId, channel_id AS channelId,
  (SELECT object_id FROM objects WHERE position = object_position) AS objectId, author, sent_at AS sentAt, lamport,
  messages.text AS text, file_names AS fileNames, reply_to AS replyTo, content, failure, seq`

const fields = {
  messageId: hexId,
  groupId: hexId,
  channelId: hexId,
  objectId: hexId,
  author: hexId,
  sentAt: integer,
  lamport: integer,
  text,
  fileNames: json(z.array(z.string())),
  replyTo: nullableHexId,
  content: bytes,
  failure: nullableText,
  seq: integer,
}

export const decodeMessage = row<StoredMessage>(fields)

/** With the key of its row as `id`. */
export const decodeMessageWithId = row<StoredMessage & { id: number }>({ ...fields, id: integer })

const decodeNumber = row({ value: integer })

/** The column `value` of a row; 0 where there is no row. */
export const numberOf = (found: unknown): number => (found === undefined ? 0 : decodeNumber(found).value)
