import * as z from 'zod'
import type { PeerRepository, PeerRow } from '../../ports/store.ts'
import { bytes, hexId, integer, json, nullable, row, text } from '../sqlite/columns.ts'
import type { Connection } from '../sqlite/connection.ts'
import { idBytes } from '../sqlite/id-bytes.ts'

const COLUMNS = 'group_id AS groupId, member_id AS memberId, peer_id AS peerId, addresses, seq, record, seen_at AS seenAt'

const decode = row<PeerRow>({
  groupId: hexId,
  memberId: hexId,
  peerId: text,
  addresses: json(z.array(z.string())),
  seq: integer,
  record: nullable(bytes),
  seenAt: nullable(integer),
})

export function createPeerRepository(db: Connection): PeerRepository {
  const all = db.prepare(`SELECT ${COLUMNS} FROM peers ORDER BY group_id, member_id`)
  const ofGroup = db.prepare(`SELECT ${COLUMNS} FROM peers WHERE group_id = ? ORDER BY member_id`)
  const upsert = db.prepare(
    `INSERT INTO peers (group_id, member_id, peer_id, addresses, seq, record, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET peer_id = excluded.peer_id, addresses = excluded.addresses, seq = excluded.seq,
       record = excluded.record, seen_at = excluded.seen_at
     WHERE excluded.seen_at IS NOT NULL OR peers.seen_at IS NULL`,
  )
  return {
    list: () => all.all().map(decode),
    ofGroup: (groupId) => ofGroup.all(idBytes(groupId)).map(decode),
    put: (r) => void upsert.run(idBytes(r.groupId), idBytes(r.memberId), r.peerId, JSON.stringify(r.addresses), r.seq, r.record, r.seenAt),
  }
}
