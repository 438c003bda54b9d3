import type { ContentFaults } from '../integrity/check-content.ts'
import type { Connection } from '../sqlite/connection.ts'
import { GIVE_STAND_INS } from './stand-ins.ts'

export const COUNT_UNREAD = `UPDATE channel_marks SET unread = (
  SELECT count(*) FROM messages m LEFT JOIN groups g USING (group_id)
  WHERE m.channel_id = channel_marks.channel_id AND m.seq > channel_marks.read_seq AND m.author IS NOT g.self_member_id)`

/** What hangs on nothing, before what is counted. */
const MENDS = [
  GIVE_STAND_INS,
  'DELETE FROM deliveries WHERE position NOT IN (SELECT position FROM objects)',
  `INSERT INTO channel_marks (channel_id, last_seq, read_seq, unread)
     SELECT channel_id, max(seq), 0, 0 FROM messages GROUP BY channel_id
     ON CONFLICT DO UPDATE SET last_seq = max(last_seq, excluded.last_seq)`,
  'UPDATE channel_marks SET read_seq = max(0, min(read_seq, last_seq))',
  COUNT_UNREAD,
  'DELETE FROM owed_objects',
  `INSERT INTO owed_objects (group_id, position, members)
     SELECT d.group_id, d.position, count(*) FROM deliveries d JOIN objects o USING (position)
     WHERE d.acked_at IS NULL AND o.bytes IS NOT NULL GROUP BY d.group_id, d.position`,
]

/** Makes what can be told from other rows agree with them. Nothing that a person wrote or read is lost by it. */
export function mendContent(connection: Connection): void {
  connection.transaction(() => {
    for (const sql of MENDS) connection.prepare(sql).run()
  })
}

/** The rules that a repair can restore in place: by `mendContent`, a new search index, or returning, which counts on from beyond all numbers. */
export const isMendable = (faults: ContentFaults): boolean =>
  (['counters', 'own-numbers', 'messages', 'deliveries', 'outbox', 'search'] as const).some((rule) => faults[rule] !== undefined)
