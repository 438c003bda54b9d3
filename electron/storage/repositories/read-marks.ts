import type { MessageRepository } from '../../ports/store.ts'
import type { Connection } from '../sqlite/connection.ts'
import { idBytes } from '../sqlite/id-bytes.ts'
import { numberOf } from './message-columns.ts'

/** What is unread is counted as it comes and again when a mark moves, so that asking costs the same however much there is. */
export function createReadMarks(db: Connection): Pick<MessageRepository, 'markRead' | 'readSeq' | 'unread'> {
  const move = db.prepare('UPDATE channel_marks SET read_seq = min(?, last_seq) WHERE channel_id = ? AND read_seq < min(?, last_seq)')
  const recount = db.prepare(
    `UPDATE channel_marks SET unread = (
       SELECT count(*) FROM messages m LEFT JOIN groups g USING (group_id)
       WHERE m.channel_id = channel_marks.channel_id AND m.seq > channel_marks.read_seq AND m.author IS NOT g.self_member_id
     ) WHERE channel_id = ?`,
  )
  const unread = db.prepare('SELECT unread AS value FROM channel_marks WHERE channel_id = ?')
  const readSeq = db.prepare('SELECT read_seq AS value FROM channel_marks WHERE channel_id = ?')
  return {
    markRead: (channelId, seq) => {
      const channel = idBytes(channelId)
      if (move.run(seq, channel, seq) === 1) recount.run(channel)
    },
    readSeq: (channelId) => numberOf(readSeq.get(idBytes(channelId))),
    unread: (channelId) => numberOf(unread.get(idBytes(channelId))),
  }
}
