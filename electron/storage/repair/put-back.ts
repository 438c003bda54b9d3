import type { Random } from '../../kernel/random.ts'
import { ENDPOINT, TRANSPORT_KEY, TRANSPORT_KEY_BYTES } from '../profile-settings.ts'
import type { Connection } from '../sqlite/connection.ts'

/** The schema that knows of groups that return. */
const RETURNING_SINCE = 4

/**
 * Marks a database that is older than what was last done with it: no group may send before a member let this device in with
 * fresh keys, because what it would use was perhaps used already; and the network sees a new device. One transaction.
 */
export function markPutBack(connection: Connection, random: Random): void {
  const version = connection.prepare('PRAGMA user_version').get() as { user_version: number }
  if (version.user_version < RETURNING_SINCE) return
  const mark = connection.prepare('UPDATE groups SET is_returning = 1')
  const renew = connection.prepare('UPDATE settings SET value = ? WHERE key = ?')
  const remove = connection.prepare('DELETE FROM settings WHERE key = ?')
  connection.transaction(() => {
    mark.run()
    renew.run(random.bytes(TRANSPORT_KEY_BYTES), TRANSPORT_KEY)
    remove.run(ENDPOINT)
  })
}
