import type Database from 'better-sqlite3'
import * as z from 'zod'
import type { Eid, MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import { toHex } from '../../kernel/bytes.ts'
import { AppError } from '../../kernel/errors.ts'
import type { MessageRow, Repositories, SenderRow } from '../../ports/store.ts'
import type { Connection } from '../sqlite/connection.ts'
import { idBytes } from '../sqlite/id-bytes.ts'
import { fromSqlite } from '../sqlite/sqlite-errors.ts'

const id = <T extends string>() => z.instanceof(Uint8Array).transform((bytes) => toHex(new Uint8Array(bytes)) as T)

const object = z.object({
  object_id: id<ObjectId>(),
  eid: id<Eid>(),
  epoch: z.int(),
  sender_seq: z.int().min(1),
  bytes: z
    .instanceof(Uint8Array)
    .transform((bytes) => new Uint8Array(bytes))
    .nullable(),
})
const delivery = z.object({ member_id: id<MemberId>(), acked_at: z.int().nullable() })

/** A message of ours as it was encrypted, and who has it. */
export interface OwnObject extends z.output<typeof object> {
  deliveries: z.output<typeof delivery>[]
}

/** Null where not all of it can be read. */
export function readOwnObject(source: Database.Database, position: number): OwnObject | null {
  const read = (sql: string): unknown[] => source.prepare(sql).all(position)
  try {
    const [found] = read(
      "SELECT object_id, eid, epoch, sender_seq, bytes FROM objects WHERE position = CAST(? AS INTEGER) AND kind = 'message'",
    )
    const parsed = object.safeParse(found)
    const deliveries = z.array(delivery).safeParse(read('SELECT member_id, acked_at FROM deliveries WHERE position = CAST(? AS INTEGER)'))
    return parsed.success && deliveries.success ? { ...parsed.data, deliveries: deliveries.data } : null
  } catch (thrown) {
    const fault = fromSqlite(thrown)
    if (fault instanceof AppError && fault.code === 'unreadable') return null
    throw fault
  }
}

/**
 * What we wrote since the older copy was made, and nobody may have yet, is on its way again: only we can send it, and its keys
 * are used up already. It counts as here, so that nobody is asked for it.
 */
export function putOwnObject(connection: Connection, { objects, deliveries, senders }: Repositories, own: OwnObject, of: MessageRow): void {
  const { object_id: objectId, eid, epoch, sender_seq: senderSeq, bytes } = own
  const { groupId, author: sender, sentAt: storedAt } = of
  objects.put({ objectId, groupId, kind: 'message', eid, epoch, sender, senderSeq, bytes: bytes ?? new Uint8Array(), storedAt })
  if (bytes === null) connection.prepare('UPDATE objects SET bytes = NULL WHERE object_id = ?').run(idBytes(objectId))
  deliveries.owe(
    objectId,
    groupId,
    own.deliveries.map((row) => row.member_id),
  )
  for (const row of own.deliveries) if (row.acked_at !== null) deliveries.ack(objectId, row.member_id, row.acked_at)
  senders.put(withNumber(senders.get(groupId, sender) ?? { groupId, memberId: sender, seq: 0, ahead: [], lastObject: null }, senderSeq))
}

/** A sender's row once one more number is here. */
export function withNumber(row: SenderRow, number: number): SenderRow {
  if (number <= row.seq) return row
  const runs: [number, number][] = [[number, number]]
  for (let at = 0; at + 1 < row.ahead.length; at += 2) runs.push([row.ahead[at] ?? 0, row.ahead[at + 1] ?? 0])
  let seq = row.seq
  const ahead: [number, number][] = []
  for (const [from, to] of runs.sort((a, b) => a[0] - b[0])) {
    const last = ahead.at(-1)
    if (from <= seq + 1) seq = Math.max(seq, to)
    else if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else ahead.push([from, to])
  }
  return { ...row, seq, ahead: ahead.flat() }
}
