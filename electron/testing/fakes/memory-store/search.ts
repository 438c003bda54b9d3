import { AppError } from '../../../kernel/errors.ts'
import type { SearchRepository, SearchTerm, StoredMessage } from '../../../ports/store.ts'
import type { MessageTables } from './messages.ts'
import { by } from './table.ts'

/**
 * Search by looking at everything, written without regard to how the real index does it: where both agree, both mean the same.
 * Words are told apart by what Unicode calls letters; characters of scripts without spaces stand alone.
 */
export function memorySearch({ rows }: Pick<MessageTables, 'rows'>): SearchRepository {
  const newestFirst = by<StoredMessage & { order: number }>(
    (r) => -r.lamport,
    (r) => -r.order,
  )
  return {
    find: ({ terms, groups, channelId, order, limit, before }) => {
      const from = before === null ? null : readCursor(before)
      const found = rows
        .where((r) => (groups === null || groups.includes(r.groupId)) && (channelId === null || r.channelId === channelId))
        .filter((r) => terms.length > 0 && terms.every((term) => [r.text, ...r.fileNames].some((text) => occurs(term, text))))
        .sort(newestFirst)
      const hits = order === 'relevance' ? found.sort(by((r) => -density(r, terms))) : found
      const left = from === null ? hits : order === 'relevance' ? hits.slice(from.lamport) : hits.filter((r) => isOlder(r, from))
      const page = left.slice(0, limit)
      const last = page.at(-1)
      const cursor = order === 'relevance' ? `${hits.length - left.length + page.length}.0` : `${last?.lamport ?? 0}.${last?.order ?? 0}`
      return { messages: page.map(({ order: _order, ...message }) => message), nextCursor: left.length > limit ? cursor : null }
    },
    indexMore: () => false,
    isIncomplete: () => false,
    forget: () => undefined,
  }
}

const isOlder = (r: { lamport: number; order: number }, from: { lamport: number; order: number }): boolean =>
  r.lamport < from.lamport || (r.lamport === from.lamport && r.order < from.order)

function readCursor(cursor: string): { lamport: number; order: number } {
  const [, lamport, order] = /^(\d{1,16})\.(\d{1,9})$/.exec(cursor) ?? []
  if (lamport === undefined || order === undefined) throw new AppError('invalid', 'This is not a place among what was found.')
  return { lamport: Number(lamport), order: Number(order) }
}

const ALONE =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\p{Extended_Pictographic}]/u

/** Words, folded. */
function wordsOf(text: string): string[] {
  // Composed first, so that a syllable is one character, and accents last, so that none is left.
  const composed = text.normalize('NFKC').toLowerCase().replaceAll('ς', 'σ')
  const spaced = Array.from(composed, (c) => (ALONE.test(c) ? ` ${c} ` : c)).join('')
  return spaced
    .split(/[^\p{L}\p{N}\p{M}\p{Extended_Pictographic}]+/u)
    .map((word) => (ALONE.test(word) ? word : word.normalize('NFD').replaceAll(/\p{Mn}/gu, '')))
    .filter((word) => word !== '')
}

function occurs({ words, prefix }: SearchTerm, text: string): boolean {
  const [have, want] = [wordsOf(text), wordsOf(words)]
  const same = (word: string | undefined, n: number): boolean =>
    prefix && n === want.length - 1 ? word?.startsWith(want[n] ?? '') === true : word === want[n]
  return want.length > 0 && have.some((_, at) => want.every((__, n) => same(have[at + n], n)))
}

/** How much of a message is what was asked for. */
function density(row: StoredMessage, terms: readonly SearchTerm[]): number {
  const words = wordsOf([row.text, ...row.fileNames].join(' '))
  return terms.flatMap(({ words: asked }) => words.filter((word) => word === asked.toLowerCase())).length / Math.max(1, words.length)
}
