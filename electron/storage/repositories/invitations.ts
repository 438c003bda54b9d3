import type { InvitationRepository } from '../../ports/store.ts'
import { bytes, integer, optional, row, text } from '../sqlite/columns.ts'
import type { Connection } from '../sqlite/connection.ts'
import { idBytes } from '../sqlite/id-bytes.ts'

const decodeLink = row<{ link: string }>({ link: text })
const decodeGrant = row({ welcome: bytes })
const decodeGrantedAt = row<{ at: number }>({ at: integer })

export function createInvitationRepository(db: Connection): InvitationRepository {
  const link = db.prepare('SELECT link FROM invitation_links WHERE group_id = ? AND invitation_id = ?')
  const putLink = db.prepare(
    'INSERT INTO invitation_links (group_id, invitation_id, link) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET link = excluded.link',
  )
  const grant = db.prepare('SELECT welcome FROM invitation_grants WHERE group_id = ? AND request_id = ?')
  const grantedAt = db.prepare('SELECT granted_at AS at FROM invitation_grants WHERE group_id = ? AND request_id = ?')
  const putGrant = db.prepare(
    `INSERT INTO invitation_grants (group_id, request_id, welcome, granted_at) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET welcome = excluded.welcome, granted_at = excluded.granted_at`,
  )
  const dropGrant = db.prepare('DELETE FROM invitation_grants WHERE group_id = ? AND request_id = ?')
  return {
    link: (groupId, invitationId) => optional(decodeLink, link.get(idBytes(groupId), idBytes(invitationId)))?.link ?? null,
    putLink: (groupId, invitationId, value) => void putLink.run(idBytes(groupId), idBytes(invitationId), value),
    grant: (groupId, requestId) => optional(decodeGrant, grant.get(idBytes(groupId), requestId))?.welcome ?? null,
    grantedAt: (groupId, requestId) => optional(decodeGrantedAt, grantedAt.get(idBytes(groupId), requestId))?.at ?? null,
    putGrant: (groupId, requestId, welcome, at) => void putGrant.run(idBytes(groupId), requestId, welcome, at),
    dropGrant: (groupId, requestId) => void dropGrant.run(idBytes(groupId), requestId),
  }
}
