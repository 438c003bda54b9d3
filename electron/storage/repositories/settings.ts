import type { SettingsRepository } from '../../ports/store.ts'
import { bytes, optional, row } from '../sqlite/columns.ts'
import type { Connection } from '../sqlite/connection.ts'

const decode = row({ value: bytes })

export function createSettingsRepository(db: Connection): SettingsRepository {
  const select = db.prepare('SELECT value FROM settings WHERE key = ?')
  const upsert = db.prepare('INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')
  const remove = db.prepare('DELETE FROM settings WHERE key = ?')
  return {
    get: (key) => optional(decode, select.get(key))?.value ?? null,
    set: (key, value) => void upsert.run(key, value),
    delete: (key) => void remove.run(key),
  }
}
