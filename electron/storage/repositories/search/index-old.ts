import type { Connection } from '../../sqlite/connection.ts'
import { MESSAGE_COLUMNS, decodeMessageWithId, numberOf } from '../message-columns.ts'
import { FIRST_TIME_ID, createTimeIds } from '../message-time-id.ts'
import type { SearchIndex } from './search-index.ts'

/**
 * Brings messages into the index that were there before it, the newest first, a slice at a time. What was done is known by the ids:
 * a message either lies above the mark, or has an id of the time before ids told the time. So it can stop anywhere and go on.
 */
export function createIndexOld(db: Connection, index: SearchIndex) {
  const oldest = db.prepare('SELECT ifnull(min(id), 0) AS value FROM messages')
  const below = db.prepare(
    `SELECT ${MESSAGE_COLUMNS}, id FROM messages WHERE id >= CAST(? AS INTEGER) AND id < CAST(? AS INTEGER) ORDER BY id DESC LIMIT ?`,
  )
  const renumber = db.prepare('UPDATE messages SET id = CAST(? AS INTEGER) WHERE id = ?')
  const timeId = createTimeIds(db)

  const isIncomplete = (): boolean => {
    const first = numberOf(oldest.get())
    return first !== 0 && first < index.indexedFrom() && (first < FIRST_TIME_ID || index.indexedFrom() > FIRST_TIME_ID)
  }

  /** Answers how many were done. */
  const timed = (limit: number): number => {
    const mark = index.indexedFrom()
    if (mark === FIRST_TIME_ID) return 0
    const slice = below.all(FIRST_TIME_ID, mark, limit).map(decodeMessageWithId)
    index.setIndexedFrom(slice.length < limit ? FIRST_TIME_ID : (slice.at(-1)?.id ?? FIRST_TIME_ID))
    for (const message of slice) index.add(message.id, message)
    return slice.length
  }

  const untimed = (limit: number): void => {
    for (const message of below.all(0, FIRST_TIME_ID, limit).map(decodeMessageWithId)) {
      const id = timeId(message.lamport)
      renumber.run(id, message.id)
      index.add(id, message)
    }
  }

  const indexMore = (limit: number): boolean => {
    db.assertWriting()
    if (index.isOutdated()) index.clear()
    const done = timed(limit)
    if (done < limit) untimed(limit - done)
    return isIncomplete()
  }

  return { isIncomplete, indexMore }
}
