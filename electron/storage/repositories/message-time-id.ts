import { integer, optional, row } from '../sqlite/columns.ts'
import type { Connection } from '../sqlite/connection.ts'

/** Ids below are of messages that were stored before ids told the time: they count arrivals, and are not indexed yet. */
export const FIRST_TIME_ID = 2 ** 40

/** So many messages of one millisecond keep their order of arrival. */
const PER_TICK = 1024
/** The year 2109. Everything later is one moment; the ids that follow have room to 2^53. */
const LAST_TICK = 2 ** 42 - 1

const decodeNewest = row<{ newest: number | null }>({ newest: (value) => (value === null ? null : integer(value)) })

/**
 * Ids of messages that are in the order of their Lamport times, and of arrival within one of them, so that the full-text
 * index, which can only be read in the order of ids, gives the newest first.
 */
export function createTimeIds(db: Connection): (lamport: number) => number {
  const newestOf = db.prepare('SELECT max(id) AS newest FROM messages WHERE id BETWEEN CAST(? AS INTEGER) AND CAST(? AS INTEGER)')
  return (lamport) => {
    let from = FIRST_TIME_ID + Math.min(Math.max(lamport, 0), LAST_TICK) * PER_TICK
    // Each step looks at twice as many, so that a flood of messages of one moment finds a place soon, if a little late.
    for (let room = PER_TICK; ; room *= 2) {
      const last = from + room - 1
      const newest = optional(decodeNewest, newestOf.get(from, last))?.newest ?? null
      if (newest === null) return from
      if (newest < last) return newest + 1
      from = last + 1
    }
  }
}
