import type { Eid, MemberId } from '../../../shared/domain/ids.ts'
import type { WitnessRepository } from '../../ports/branch-store.ts'
import { hexId, row } from '../sqlite/columns.ts'
import type { Connection } from '../sqlite/connection.ts'
import { idBytes } from '../sqlite/id-bytes.ts'

const decode = row<{ eid: Eid; memberId: MemberId }>({ eid: hexId, memberId: hexId })

export function createWitnessRepository(db: Connection): WitnessRepository {
  // Looked for first: nearly every message is of a sender who was seen in its epoch, and what writes nothing costs nothing.
  const seen = db.prepare('SELECT 1 FROM witnesses WHERE group_id = ? AND eid = ? AND member_id = ?')
  const insert = db.prepare('INSERT INTO witnesses (group_id, eid, member_id) VALUES (?, ?, ?)')
  const all = db.prepare('SELECT eid, member_id AS memberId FROM witnesses WHERE group_id = ? ORDER BY eid, member_id')
  const drop = db.prepare('DELETE FROM witnesses WHERE group_id = ? AND eid = ?')
  return {
    note: (groupId, eid, memberId) => {
      db.assertWriting()
      const key = [groupId, eid, memberId].map(idBytes)
      return seen.get(...key) === undefined && insert.run(...key) === 1
    },
    has: (groupId, eid, memberId) => seen.get(...[groupId, eid, memberId].map(idBytes)) !== undefined,
    of: (groupId) => all.all(idBytes(groupId)).map(decode),
    drop: (groupId, eid) => void drop.run(idBytes(groupId), idBytes(eid)),
  }
}
