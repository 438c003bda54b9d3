import type { IdentityRepository } from '../../ports/store.ts'
import { bytes, optional, row } from '../sqlite/columns.ts'
import type { Connection } from '../sqlite/connection.ts'
import { idBytes } from '../sqlite/id-bytes.ts'

const decode = row({ encoded: bytes })

export function createIdentityRepository(db: Connection): IdentityRepository {
  const select = db.prepare('SELECT encoded FROM identities WHERE group_id = ?')
  const upsert = db.prepare('INSERT INTO identities (group_id, encoded) VALUES (?, ?) ON CONFLICT DO UPDATE SET encoded = excluded.encoded')
  return {
    get: (groupId) => optional(decode, select.get(idBytes(groupId)))?.encoded ?? null,
    put: (groupId, encoded) => void upsert.run(idBytes(groupId), encoded),
  }
}
