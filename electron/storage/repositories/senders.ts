import * as z from 'zod'
import type { SenderRepository, SenderRow } from '../../ports/store.ts'
import { hexId, integer, json, nullableHexId, optional, row } from '../sqlite/columns.ts'
import type { Connection } from '../sqlite/connection.ts'
import { idBytes, idBytesOrNull } from '../sqlite/id-bytes.ts'

const COLUMNS = 'group_id AS groupId, member_id AS memberId, seq, ahead, last_object AS lastObject'

const decode = row<SenderRow>({
  groupId: hexId,
  memberId: hexId,
  seq: integer,
  ahead: json(z.array(z.int())),
  lastObject: nullableHexId,
})

export function createSenderRepository(db: Connection): SenderRepository {
  const one = db.prepare(`SELECT ${COLUMNS} FROM senders WHERE group_id = ? AND member_id = ?`)
  const list = db.prepare(`SELECT ${COLUMNS} FROM senders WHERE group_id = ? ORDER BY member_id`)
  const upsert = db.prepare(
    `INSERT INTO senders (group_id, member_id, seq, ahead, last_object) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET seq = excluded.seq, ahead = excluded.ahead, last_object = excluded.last_object`,
  )
  return {
    get: (groupId, memberId) => optional(decode, one.get(idBytes(groupId), idBytes(memberId))),
    list: (groupId) => list.all(idBytes(groupId)).map(decode),
    put: (r) => void upsert.run(idBytes(r.groupId), idBytes(r.memberId), r.seq, JSON.stringify(r.ahead), idBytesOrNull(r.lastObject)),
  }
}
