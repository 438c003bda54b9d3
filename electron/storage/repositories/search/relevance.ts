import type { SearchTerm, StoredMessage } from '../../../ports/store.ts'
import { occurrences } from './occurrences.ts'
import { segments } from './segments.ts'

/** The usual constants of BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009, §3.5). */
const K1 = 1.2
const B = 0.75
/** A file is named for what it is about. */
const NAME_WEIGHT = 2

/**
 * Hits by how much they are about what was asked, BM25; of equal ones the order given stays. All of them hold every term, so how rare a term is
 * in the whole history does not matter here, and asking the index for it would cost as much as the history is long.
 */
export function byRelevance(messages: readonly StoredMessage[], terms: readonly SearchTerm[]): StoredMessage[] {
  const counted = messages.map((message) => {
    const text = segments(message.text)
    const names = segments(message.fileNames.join('\n'))
    const counts = terms.map((term) => occurrences(text, term).length + NAME_WEIGHT * occurrences(names, term).length)
    return { message, counts, length: text.length + names.length }
  })
  const average = Math.max(1, counted.reduce((sum, { length }) => sum + length, 0) / Math.max(1, counted.length))
  const score = ({ counts, length }: (typeof counted)[number]): number =>
    counts.reduce((sum, n) => sum + (n * (K1 + 1)) / (n + K1 * (1 - B + (B * length) / average)), 0)
  return counted
    .map((one) => ({ message: one.message, score: score(one) }))
    .sort((a, b) => b.score - a.score)
    .map(({ message }) => message)
}
