import * as z from 'zod'
import type { SpaceId } from '../../../shared/domain/ids.ts'
import type { JoinState } from '../../../shared/domain/models.ts'
import { errorCodes } from '../../../shared/ipc/error-codes.ts'
import type { JoinRepository, JoinRow } from '../../ports/store.ts'
import { bytes, hexId, integer, json, optional, row, text } from '../sqlite/columns.ts'
import type { Connection } from '../sqlite/connection.ts'
import { idBytes } from '../sqlite/id-bytes.ts'

const step = z.enum(['connecting', 'asking', 'admitting', 'opening'])
const code = z.enum(errorCodes)

const joinState: z.ZodType<JoinState> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('working'), step }),
  z.strictObject({ kind: z.literal('waiting'), step, code, message: z.string(), retryAt: z.number() }),
  z.strictObject({ kind: z.literal('refused'), code, message: z.string() }),
  z.strictObject({ kind: z.literal('cancelled') }),
  z.strictObject({ kind: z.literal('done'), spaceId: z.string().transform((text) => text as SpaceId) }),
])

const COLUMNS = `join_id AS joinId, link, group_id AS groupId, space_name AS spaceName, member_name AS memberName,
  request_id AS requestId, identity, state, attempts, started_at AS startedAt, expires_at AS expiresAt`

const decode = row<JoinRow>({
  joinId: hexId,
  link: text,
  groupId: hexId,
  spaceName: text,
  memberName: text,
  requestId: text,
  identity: bytes,
  state: json(joinState),
  attempts: integer,
  startedAt: integer,
  expiresAt: integer,
})

export function createJoinRepository(db: Connection): JoinRepository {
  const one = db.prepare(`SELECT ${COLUMNS} FROM joins WHERE join_id = ?`)
  const all = db.prepare(`SELECT ${COLUMNS} FROM joins ORDER BY started_at, join_id`)
  const upsert = db.prepare(
    `INSERT INTO joins (join_id, link, group_id, space_name, member_name, request_id, identity, state, attempts,
       started_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET link = excluded.link, group_id = excluded.group_id, space_name = excluded.space_name,
       member_name = excluded.member_name, request_id = excluded.request_id, identity = excluded.identity,
       state = excluded.state, attempts = excluded.attempts,
       started_at = excluded.started_at, expires_at = excluded.expires_at`,
  )
  const remove = db.prepare('DELETE FROM joins WHERE join_id = ?')
  return {
    get: (joinId) => optional(decode, one.get(idBytes(joinId))),
    list: () => all.all().map(decode),
    put: (r) =>
      void upsert.run(
        idBytes(r.joinId),
        r.link,
        idBytes(r.groupId),
        r.spaceName,
        r.memberName,
        r.requestId,
        r.identity,
        JSON.stringify(r.state),
        r.attempts,
        r.startedAt,
        r.expiresAt,
      ),
    delete: (joinId) => void remove.run(idBytes(joinId)),
  }
}
