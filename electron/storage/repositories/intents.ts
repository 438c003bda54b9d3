import type { IntentRepository, IntentRow } from '../../ports/branch-store.ts'
import { bytes, hexId, integer, nullable, optional, row, text } from '../sqlite/columns.ts'
import type { Connection } from '../sqlite/connection.ts'
import { idBytes } from '../sqlite/id-bytes.ts'

const COLUMNS = 'intent_id AS intentId, group_id AS groupId, body, object_id AS objectId, failure, created_at AS createdAt'

const decode = row<IntentRow>({
  intentId: hexId,
  groupId: hexId,
  body: bytes,
  objectId: hexId,
  failure: nullable(text),
  createdAt: integer,
})

export function createIntentRepository(db: Connection): IntentRepository {
  const one = db.prepare(`SELECT ${COLUMNS} FROM intents WHERE intent_id = ?`)
  const list = db.prepare(`SELECT ${COLUMNS} FROM intents WHERE group_id = ? ORDER BY created_at, rowid`)
  const upsert = db.prepare(
    `INSERT INTO intents (intent_id, group_id, body, object_id, failure, created_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET body = excluded.body, object_id = excluded.object_id, failure = excluded.failure`,
  )
  const prune = db.prepare('DELETE FROM intents WHERE group_id = ? AND created_at < ?')
  return {
    put: (r) => {
      upsert.run(idBytes(r.intentId), idBytes(r.groupId), r.body, idBytes(r.objectId), r.failure, r.createdAt)
    },
    get: (intentId) => optional(decode, one.get(idBytes(intentId))),
    list: (groupId) => list.all(idBytes(groupId)).map(decode),
    prune: (groupId, before) => prune.run(idBytes(groupId), before),
  }
}
