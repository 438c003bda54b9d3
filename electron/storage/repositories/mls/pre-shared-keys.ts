import type { MlsPreSharedKeys } from '../../../ports/mls-storage.ts'
import { bytes, row } from '../../sqlite/columns.ts'
import type { Connection } from '../../sqlite/connection.ts'
import { writeOnce } from './write-once.ts'

const SQL = {
  insert: 'INSERT INTO mls_psks (psk_id, secret) VALUES (?, ?) ON CONFLICT DO NOTHING',
  select: 'SELECT secret FROM mls_psks WHERE psk_id = ?',
}
const decode = row<{ secret: Uint8Array }>({ secret: bytes })

export function createMlsPreSharedKeys(db: Connection): MlsPreSharedKeys {
  const rows = writeOnce(db, SQL, decode, ({ secret }) => [secret])
  const remove = db.prepare('DELETE FROM mls_psks WHERE psk_id = ?')
  return {
    putPsk: (id, secret) => rows.put([id], { secret }),
    psk: (id) => rows.get([id])?.secret ?? null,
    deletePsk: (id) => void remove.run(id),
  }
}
