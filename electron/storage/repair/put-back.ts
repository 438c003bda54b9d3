import type { JoinState } from '../../../shared/domain/models.ts'
import type { Random } from '../../kernel/random.ts'
import { ASTRAY_MARKS, ENDPOINT, GIVEN_UP, TRANSPORT_KEY, TRANSPORT_KEY_BYTES } from '../profile-settings.ts'
import type { Connection } from '../sqlite/connection.ts'

/** The schema that knows of groups that return; without it nothing of ours ever runs on the database. */
const RETURNING_SINCE = 4

const DROPPED: JoinState = {
  kind: 'refused',
  code: 'conflict',
  message: 'The profile was put back from an older copy while this was under way. Open the invitation again.',
}

/**
 * Marks a database that is older than what was last done with it, in one transaction: no group may send before a member let this
 * device in with fresh keys, because what it would use was perhaps used already, its numbers too, whether or not it had gone astray
 * by then; the network sees a new device; and joins under way end, because the same request would be answered by the Welcome that
 * was used already, and as whom they asked is forgotten, which may be who the other device is by now.
 */
export function markPutBack(connection: Connection, random: Random): void {
  const version = connection.prepare('PRAGMA user_version').get() as { user_version: number }
  if (version.user_version < RETURNING_SINCE) return
  const mark = connection.prepare('UPDATE groups SET is_returning = 1')
  const renew = connection.prepare('UPDATE settings SET value = ? WHERE key = ?')
  const remove = connection.prepare('DELETE FROM settings WHERE key = ?')
  const forgetAstray = connection.prepare('DELETE FROM settings WHERE key GLOB ?')
  const endJoins = connection.prepare(
    "UPDATE joins SET state = ?, identity = zeroblob(0) WHERE json_extract(state, '$.kind') IN ('working', 'waiting')",
  )
  const dropOffers = connection.prepare('DELETE FROM mls_key_packages')
  connection.transaction(() => {
    mark.run()
    forgetAstray.run(ASTRAY_MARKS)
    renew.run(random.bytes(TRANSPORT_KEY_BYTES), TRANSPORT_KEY)
    for (const name of [ENDPOINT, GIVEN_UP]) remove.run(name)
    endJoins.run(JSON.stringify(DROPPED))
    dropOffers.run()
  })
}
