import { useState } from 'react'
import type { Row } from './rows.ts'

interface Ends {
  first: string | undefined
  last: string | undefined
  count: number
}

export interface RowChange {
  ends: Ends
  /** Rows more than before. */
  added: number
  /** Whether they were put above what was there. */
  prepending: boolean
}

const endsOf = (rows: readonly Row[]): Ends => ({
  first: rows[0]?.message.messageId,
  last: rows.at(-1)?.message.messageId,
  count: rows.length,
})

/** What became of a list since it had the ends `before`. */
function changeOf(before: Ends, rows: readonly Row[]): RowChange {
  const ends = endsOf(rows)
  const prepending = before.count > 0 && ends.first !== before.first && ends.last === before.last
  return { ends, added: rows.length - before.count, prepending }
}

/** The latest change of a list; the same object until its ends change again. */
export function useRowChange(rows: readonly Row[]): RowChange {
  const [change, setChange] = useState<RowChange>(() => ({ ends: endsOf(rows), added: 0, prepending: false }))
  const now = endsOf(rows)
  const { ends } = change
  if (now.first === ends.first && now.last === ends.last && now.count === ends.count) return change
  const next = changeOf(ends, rows)
  setChange(next)
  return next
}
