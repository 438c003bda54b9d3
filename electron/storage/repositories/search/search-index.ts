import type { StoredMessage } from '../../../ports/store.ts'
import { integer, row } from '../../sqlite/columns.ts'
import type { Connection } from '../../sqlite/connection.ts'
import { FOLD_RULES, foldForIndex } from './fold.ts'
import { channelWord, groupWord } from './match-expression.ts'

export type Indexed = Pick<StoredMessage, 'text' | 'fileNames' | 'channelId' | 'groupId'>

/** The entries of the full-text index. Everything here belongs into the transaction that changes the message. */
export interface SearchIndex {
  /** Messages with a lower id have no entry yet. */
  indexedFrom(): number
  setIndexedFrom(id: number): void
  /** Does nothing where the message's turn is still to come. */
  add(id: number, message: Indexed): void
  /** `message` as it was when it was added. */
  remove(id: number, message: Indexed): void
  /** Takes seconds where there are a million messages: FTS5 cannot do it in steps. */
  clear(): void
  /** Whether it was made by other rules than today's, so that nothing can be taken out of it. */
  isOutdated(): boolean
}

/** Above every id. */
const NOTHING_INDEXED = Number.MAX_SAFE_INTEGER

const decodeState = row<{ rules: number; indexedFrom: number }>({ rules: integer, indexedFrom: integer })

export function createSearchIndex(db: Connection): SearchIndex {
  const state = db.prepare('SELECT rules, indexed_from AS indexedFrom FROM search_state')
  const setState = db.prepare('UPDATE search_state SET rules = ?, indexed_from = CAST(? AS INTEGER)')
  const insert = db.prepare('INSERT INTO message_search (rowid, text, names, place) VALUES (CAST(? AS INTEGER), ?, ?, ?)')
  const remove = db.prepare(
    "INSERT INTO message_search (message_search, rowid, text, names, place) VALUES ('delete', CAST(? AS INTEGER), ?, ?, ?)",
  )
  const clear = db.prepare("INSERT INTO message_search (message_search) VALUES ('delete-all')")
  const read = () => decodeState(state.get())
  const isOutdated = (): boolean => read().rules !== FOLD_RULES
  const indexedFrom = (): number => {
    const { rules, indexedFrom: from } = read()
    return rules === FOLD_RULES ? from : NOTHING_INDEXED
  }
  const setIndexedFrom = (id: number): void => void setState.run(FOLD_RULES, id)
  return {
    indexedFrom,
    setIndexedFrom,
    isOutdated,
    add: (id, message) => {
      if (id >= indexedFrom()) insert.run(id, ...entry(message))
    },
    remove: (id, message) => {
      if (id >= indexedFrom()) remove.run(id, ...entry(message))
    },
    clear: () => {
      clear.run()
      setIndexedFrom(NOTHING_INDEXED)
    },
  }
}

const entry = ({ text, fileNames, channelId, groupId }: Indexed): [string, string, string] => [
  foldForIndex(text),
  foldForIndex(fileNames.join('\n')),
  `${channelWord(channelId)} ${groupWord(groupId)}`,
]
