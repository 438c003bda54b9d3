import { z } from 'zod'
import type { SenderRepository, SenderRow } from '../../ports/store.ts'
import { integer, json, nullableText, optional, row, text } from '../sqlite/columns.ts'
import type { Connection } from '../sqlite/connection.ts'

const COLUMNS = 'group_id AS groupId, member_id AS memberId, seq, ahead, last_object AS lastObject'

const decode = row<SenderRow>({
  groupId: text,
  memberId: text,
  seq: integer,
  ahead: json(z.array(z.int())),
  lastObject: nullableText,
})

export function createSenderRepository(db: Connection): SenderRepository {
  const one = db.prepare(`SELECT ${COLUMNS} FROM senders WHERE group_id = ? AND member_id = ?`)
  const list = db.prepare(`SELECT ${COLUMNS} FROM senders WHERE group_id = ? ORDER BY member_id`)
  const upsert = db.prepare(
    `INSERT INTO senders (group_id, member_id, seq, ahead, last_object) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET seq = excluded.seq, ahead = excluded.ahead, last_object = excluded.last_object`,
  )
  return {
    get: (groupId, memberId) => optional(decode, one.get(groupId, memberId)),
    list: (groupId) => list.all(groupId).map(decode),
    put: (r) => void upsert.run(r.groupId, r.memberId, r.seq, JSON.stringify(r.ahead), r.lastObject),
  }
}
