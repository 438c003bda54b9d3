import type Database from 'better-sqlite3'
import { createHash } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import * as z from 'zod'
import type { ObjectId } from '../../../shared/domain/ids.ts'
import { toHex } from '../../kernel/bytes.ts'
import { type Work, stopIfCancelled } from '../../kernel/work.ts'
import type { GroupRow, MessageRow, Repositories } from '../../ports/store.ts'
import { idBytes } from '../sqlite/id-bytes.ts'
import type { Connection } from '../sqlite/connection.ts'
import { markSnapshotsStale } from '../snapshots/stale.ts'
import { COUNT_UNREAD } from './mend-content.ts'
import { putOwnObject, readOwnObject } from './merge-own.ts'
import { type Row, readRows, tablesOf } from './read-rows.ts'

interface Target {
  connection: Connection
  repositories: Repositories
}

const id = <T extends string>() => z.instanceof(Uint8Array).transform((bytes) => toHex(new Uint8Array(bytes)) as T)

/** As much of a message's row as every schema has; what does not fit is no message. */
const stored = z.object({
  message_id: id<MessageRow['messageId']>(),
  group_id: id<MessageRow['groupId']>(),
  channel_id: id<MessageRow['channelId']>(),
  seq: z.int().min(1),
  object_position: z.number(),
  author: id<MessageRow['author']>(),
  sent_at: z.number(),
  lamport: z.number(),
  text: z.string(),
  reply_to: id<MessageRow['messageId']>().nullable(),
  content: z.instanceof(Uint8Array).transform((bytes) => new Uint8Array(bytes)),
  failure: z.string().nullable(),
  file_names: z.string().default('[]'),
})
const names = z.array(z.string())

/** Puts messages that `target` lacks into it, but none that was deleted. Answers how many. Groups they belong to are there already. */
export async function mergeMessages(source: Database.Database, target: Target, work: Work): Promise<number> {
  const groups = new Map(target.repositories.groups.list().map((group) => [group.groupId, group]))
  let added = 0
  for (const rows of batchesOf(source, 'messages')) {
    await turn()
    stopIfCancelled(work)
    target.connection.transaction(() => {
      for (const row of rows) added += addMessage(source, target, groups, row) ? 1 : 0
    })
    work.progress(added, null)
  }
  return added
}

function addMessage(
  source: Database.Database,
  { connection, repositories }: Target,
  groups: ReadonlyMap<string, GroupRow>,
  row: Row,
): boolean {
  const parsed = stored.safeParse(row)
  const group = parsed.success ? groups.get(parsed.data.group_id) : undefined
  if (!parsed.success || group === undefined) return false
  const message = messageOf(parsed.data)
  const known = connection.prepare('SELECT 1 FROM messages WHERE message_id = ? AND author = ?')
  const gone = connection.prepare('SELECT 1 FROM deleted_messages WHERE message_id = ? AND author = ?')
  const name = [idBytes(message.messageId), idBytes(message.author)]
  if (known.get(...name) !== undefined || gone.get(...name) !== undefined) return false
  const own = message.author === group.selfMemberId ? readOwnObject(source, parsed.data.object_position) : null
  if (own === null) putStandIn(connection, repositories, message, group)
  else putOwnObject(connection, repositories, own, message)
  if (repositories.messages.add(own === null ? message : { ...message, objectId: own.object_id }) === null) return false
  connection.prepare('UPDATE OR IGNORE messages SET seq = ? WHERE message_id = ? AND author = ?').run(parsed.data.seq, ...name)
  return true
}

function messageOf(row: z.output<typeof stored>): MessageRow {
  const fileNames = names.safeParse(parsedJson(row.file_names))
  return {
    messageId: row.message_id,
    groupId: row.group_id,
    channelId: row.channel_id,
    objectId: standInFor(row.message_id, row.author),
    author: row.author,
    sentAt: row.sent_at,
    lamport: row.lamport,
    text: row.text,
    fileNames: fileNames.success ? fileNames.data : [],
    replyTo: row.reply_to,
    content: row.content,
    failure: row.failure,
  }
}

/**
 * A saved message of somebody else hangs on an object of its own that never existed outside: were its real one there, it would not be asked for
 * again from the others, and the older state, which has not read it, would wait for it for ever.
 */
const standInFor = (messageId: string, author: string): ObjectId =>
  createHash('sha256').update(`saved ${messageId} ${author}`).digest('hex') as ObjectId

function putStandIn(connection: Connection, { objects }: Repositories, message: MessageRow, group: GroupRow): void {
  const { objectId, groupId, author: sender, sentAt: storedAt } = message
  objects.put({
    objectId,
    groupId,
    kind: 'message',
    eid: group.tip,
    epoch: group.epoch,
    sender,
    senderSeq: null,
    bytes: new Uint8Array(),
    storedAt,
  })
  connection.prepare('UPDATE objects SET bytes = NULL WHERE object_id = ?').run(idBytes(objectId))
}

/** What was deleted since the older copy was made stays deleted, and no number of a message since is given to another one. */
export function mergeMarks(source: Database.Database, { connection, repositories }: Target): void {
  connection.transaction(() => {
    const bury = connection.prepare('INSERT INTO deleted_messages (message_id, author) VALUES (?, ?) ON CONFLICT DO NOTHING')
    const isHere = connection.prepare('SELECT 1 FROM messages WHERE message_id = ? AND author = ?')
    for (const row of rowsOf(source, 'deleted_messages')) {
      const [messageId, author] = [row['message_id'], row['author']]
      if (!(messageId instanceof Uint8Array) || !(author instanceof Uint8Array)) continue
      if (isHere.get(messageId, author) !== undefined) {
        repositories.messages.deleteForMe(toHex(new Uint8Array(messageId)) as MessageRow['messageId'])
        markSnapshotsStale(repositories.settings)
      }
      bury.run(messageId, author)
    }
    const keep = connection.prepare(
      'INSERT INTO channel_keeping (channel_id, days, swept_before) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET days = excluded.days, swept_before = excluded.swept_before',
    )
    for (const row of rowsOf(source, 'channel_keeping')) {
      const { channel_id: channel, days, swept_before: before } = row
      if (channel instanceof Uint8Array && typeof days === 'number' && typeof before === 'number') keep.run(channel, days, before)
    }
    const reserve = connection.prepare(
      'INSERT INTO channel_marks (channel_id, last_seq, read_seq, unread) VALUES (?, ?, 0, 0) ON CONFLICT DO UPDATE SET last_seq = max(last_seq, excluded.last_seq)',
    )
    for (const { channel_id: channel, last_seq: last } of rowsOf(source, 'channel_marks'))
      if (channel instanceof Uint8Array && typeof last === 'number') reserve.run(channel, last)
  })
}

/** What was read stays read: messages have their numbers still. */
export function mergeReadMarks(source: Database.Database, { connection, repositories }: Target): void {
  connection.transaction(() => {
    for (const row of rowsOf(source, 'channel_marks')) {
      const { channel_id: channel, read_seq: seq } = row
      if (channel instanceof Uint8Array && typeof seq === 'number')
        repositories.messages.markRead(toHex(new Uint8Array(channel)) as MessageRow['channelId'], seq)
    }
    connection.prepare(COUNT_UNREAD).run()
  })
}

function* batchesOf(source: Database.Database, name: string): Generator<Row[]> {
  const table = tablesOf(source).find((one) => one.name === name)
  if (table !== undefined) yield* readRows(source, table).batches()
}

const rowsOf = (source: Database.Database, name: string): Row[] => [...batchesOf(source, name)].flat()

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
