import type { SearchQuery, SearchRepository, StoredMessage } from '../../../ports/store.ts'
import { AppError } from '../../../kernel/errors.ts'
import type { Connection } from '../../sqlite/connection.ts'
import { MESSAGE_COLUMNS, decodeMessageWithId } from '../message-columns.ts'
import { createIndexOld } from './index-old.ts'
import { matchExpression } from './match-expression.ts'
import { byRelevance } from './relevance.ts'
import type { SearchIndex } from './search-index.ts'

/** So many of the newest hits are ordered by relevance: reading them is all that it costs. */
const CANDIDATES = 300

type Hit = StoredMessage & { id: number }

export function createSearchRepository(db: Connection, index: SearchIndex): SearchRepository {
  const { indexMore, isIncomplete } = createIndexOld(db, index)
  // CROSS JOIN keeps the order written: the index gives ids in falling order and stops where enough are found.
  const newest = db.prepare(
    `SELECT ${MESSAGE_COLUMNS}, id FROM message_search CROSS JOIN messages ON messages.id = message_search.rowid
     WHERE message_search MATCH ? AND message_search.rowid <= CAST(? AS INTEGER) ORDER BY message_search.rowid DESC LIMIT ?`,
  )
  const hits = (query: SearchQuery, upTo: number, limit: number): Hit[] => {
    const expression = matchExpression(query)
    return expression === null ? [] : newest.all(expression, upTo, limit).map(decodeMessageWithId)
  }
  return {
    indexMore,
    isIncomplete,
    forget: () => index.clear(),
    find: (query) => (query.order === 'newest' ? byTime(query, hits) : relevant(query, hits)),
  }
}

type Hits = (query: SearchQuery, upTo: number, limit: number) => Hit[]
type Found = ReturnType<SearchRepository['find']>

function byTime(query: SearchQuery, hits: Hits): Found {
  const upTo = query.before === null ? Number.MAX_SAFE_INTEGER : readCursor(query.before, 0).upTo - 1
  const found = hits(query, upTo, query.limit + 1)
  const messages = found.slice(0, query.limit)
  return { messages: messages.map(withoutId), nextCursor: found.length > query.limit ? writeCursor(messages.at(-1)?.id ?? 0, 0) : null }
}

/** The cursor holds where the candidates began, so that what arrives meanwhile changes no order. */
function relevant(query: SearchQuery, hits: Hits): Found {
  const { upTo, skip } = query.before === null ? { upTo: Number.MAX_SAFE_INTEGER, skip: 0 } : readCursor(query.before, CANDIDATES)
  const candidates = hits(query, upTo, CANDIDATES)
  const messages = byRelevance(candidates, query.terms).slice(skip, skip + query.limit)
  const next = skip + messages.length
  const nextCursor = messages.length > 0 && next < candidates.length ? writeCursor(candidates[0]?.id ?? 0, next) : null
  return { messages: messages.map(withoutId), nextCursor }
}

const withoutId = ({ id: _id, ...message }: StoredMessage & { id?: number }): StoredMessage => message

const CURSOR = /^([0-9a-z]{1,11})\.([0-9a-z]{1,3})$/

const writeCursor = (id: number, skip: number): string => `${id.toString(36)}.${skip.toString(36)}`

function readCursor(cursor: string, most: number): { upTo: number; skip: number } {
  const [, id = '', skipped = ''] = CURSOR.exec(cursor) ?? []
  const [upTo, skip] = [Number.parseInt(id, 36), Number.parseInt(skipped, 36)]
  if (!Number.isSafeInteger(upTo) || !Number.isSafeInteger(skip) || skip > most || writeCursor(upTo, skip) !== cursor) {
    throw new AppError('invalid', 'This is not a place among what was found.')
  }
  return { upTo, skip }
}
