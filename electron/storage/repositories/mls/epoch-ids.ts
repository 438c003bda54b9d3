import type { Eid, GroupId } from '../../../../shared/domain/ids.ts'
import { invariant } from '../../../kernel/errors.ts'
import { integer, optional, row } from '../../sqlite/columns.ts'
import type { Connection } from '../../sqlite/connection.ts'
import { idBytes } from '../../sqlite/id-bytes.ts'

/** The number that all rows of an epoch carry: a group and an epoch id in each would weigh more than what is in them. */
export interface EpochIds {
  find(groupId: GroupId, eid: Eid): number | null
  /** Throws `InvariantError` where there is none. */
  need(groupId: GroupId, eid: Eid): number
}

const decode = row({ id: integer })

export function epochIds(db: Connection): EpochIds {
  const one = db.prepare('SELECT id FROM mls_epochs WHERE group_id = ? AND eid = ?')
  const find: EpochIds['find'] = (groupId, eid) => optional(decode, one.get(idBytes(groupId), idBytes(eid)))?.id ?? null
  return {
    find,
    need: (groupId, eid) => {
      const id = find(groupId, eid)
      invariant(id !== null, 'no such epoch')
      return id
    },
  }
}
