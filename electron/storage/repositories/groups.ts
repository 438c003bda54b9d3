import type { GroupRepository, GroupRow } from '../../ports/store.ts'
import { flag, hexId, integer, nullableHexId, optional, row } from '../sqlite/columns.ts'
import type { Connection } from '../sqlite/connection.ts'
import { idBytes, idBytesOrNull } from '../sqlite/id-bytes.ts'
import { createGroupDeletion } from './group-deletion.ts'
import type { SearchIndex } from './search/search-index.ts'

const COLUMNS = `group_id AS groupId, tip, epoch, joined_epoch AS joinedEpoch, self_member_id AS selfMemberId,
  sent_seq AS sentSeq, sent_object AS sentObject, is_returning AS "returning", created_at AS createdAt`

const decode = row<GroupRow>({
  groupId: hexId,
  tip: hexId,
  epoch: integer,
  joinedEpoch: integer,
  selfMemberId: hexId,
  sentSeq: integer,
  sentObject: nullableHexId,
  returning: flag,
  createdAt: integer,
})

export function createGroupRepository(db: Connection, index: SearchIndex): GroupRepository {
  const one = db.prepare(`SELECT ${COLUMNS} FROM groups WHERE group_id = ?`)
  const all = db.prepare(`SELECT ${COLUMNS} FROM groups ORDER BY created_at, group_id`)
  const upsert = db.prepare(
    // The column `split` is of an older version: nothing reads it, and every row says no.
    `INSERT INTO groups (group_id, tip, epoch, joined_epoch, self_member_id, sent_seq, sent_object, split, is_returning, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)
     ON CONFLICT DO UPDATE SET tip = excluded.tip, epoch = excluded.epoch, joined_epoch = excluded.joined_epoch,
       self_member_id = excluded.self_member_id, sent_seq = excluded.sent_seq, sent_object = excluded.sent_object,
       split = excluded.split, is_returning = excluded.is_returning, created_at = excluded.created_at`,
  )
  return {
    get: (groupId) => optional(decode, one.get(idBytes(groupId))),
    list: () => all.all().map(decode),
    put: (r) =>
      void upsert.run(
        idBytes(r.groupId),
        idBytes(r.tip),
        r.epoch,
        r.joinedEpoch,
        idBytes(r.selfMemberId),
        r.sentSeq,
        idBytesOrNull(r.sentObject),
        r.returning ? 1 : 0,
        r.createdAt,
      ),
    ...createGroupDeletion(db, index),
  }
}
