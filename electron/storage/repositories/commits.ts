import * as z from 'zod'
import type { MemberId } from '../../../shared/domain/ids.ts'
import type { CommitRepository, CommitRow } from '../../ports/branch-store.ts'
import { hexId, integer, json, optional, row } from '../sqlite/columns.ts'
import type { Connection } from '../sqlite/connection.ts'
import { idBytes } from '../sqlite/id-bytes.ts'

const COLUMNS = 'object_id AS objectId, group_id AS groupId, parent, child, author, author_leaf AS authorLeaf, removes'

const decode = row<CommitRow>({
  objectId: hexId,
  groupId: hexId,
  parent: hexId,
  child: hexId,
  author: hexId,
  authorLeaf: integer,
  removes: json(z.array(z.string().transform((id) => id as MemberId))),
})

export function createCommitRepository(db: Connection): CommitRepository {
  const insert = db.prepare(
    `INSERT INTO commits (object_id, group_id, parent, child, author, author_leaf, removes) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  )
  const all = db.prepare(`SELECT ${COLUMNS} FROM commits WHERE group_id = ? ORDER BY rowid`)
  const outOf = db.prepare(`SELECT ${COLUMNS} FROM commits WHERE group_id = ? AND parent = ? ORDER BY rowid`)
  const into = db.prepare(`SELECT ${COLUMNS} FROM commits WHERE group_id = ? AND child = ? ORDER BY rowid LIMIT 1`)
  const drops = ['parent', 'child'].map((end) => db.prepare(`DELETE FROM commits WHERE group_id = ? AND ${end} = ?`))
  return {
    put: (r) => {
      const ids = [r.objectId, r.groupId, r.parent, r.child, r.author].map(idBytes)
      insert.run(...ids, r.authorLeaf, JSON.stringify(r.removes))
    },
    of: (groupId) => all.all(idBytes(groupId)).map(decode),
    outOf: (groupId, parent) => outOf.all(idBytes(groupId), idBytes(parent)).map(decode),
    into: (groupId, child) => optional(decode, into.get(idBytes(groupId), idBytes(child))),
    dropAround: (groupId, eid) => {
      for (const drop of drops) drop.run(idBytes(groupId), idBytes(eid))
    },
  }
}
