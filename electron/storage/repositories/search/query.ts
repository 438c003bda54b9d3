import type { SearchTerm } from '../../../ports/store.ts'
import { segments } from './segments.ts'

/** More than anybody types; each costs time. */
const MAX_TERMS = 16
/** A single letter begins too many words to be worth their time. */
const SHORTEST_PREFIX = 2

const QUOTES = '"\\u201c-\\u201f\\u00ab\\u00bb\\u300c\\u300d'
/** A phrase in quotes (closed or not), or a run without spaces and quotes. */
const PIECE = new RegExp(`[${QUOTES}](?<phrase>[^${QUOTES}]*)(?<closing>[${QUOTES}]|$)|[^\\s${QUOTES}]+`, 'gu')

/**
 * What somebody typed into a search field: words, `"phrases"` and `wor*`. Everything else in it is text to be found, no operator.
 * What was typed last may go on, unless a space or a quote ends it. What holds neither letter, digit nor symbol asks for nothing.
 */
export function parseQuery(typed: string): SearchTerm[] {
  const terms: SearchTerm[] = []
  for (const match of typed.matchAll(PIECE)) {
    const { phrase, closing } = match.groups ?? {}
    const isLast = match.index + match[0].length === typed.length
    const mayGoOn = phrase === undefined ? isLast || match[0].endsWith('*') : isLast && closing === '' && !/\s$/.test(phrase)
    const words = phrase?.trim() ?? match[0].replace(/\*+$/, '')
    const last = segments(words).at(-1)
    if (last === undefined) continue
    terms.push({ words, prefix: mayGoOn && !last.alone && last.folded.length >= SHORTEST_PREFIX })
    if (terms.length === MAX_TERMS) break
  }
  return terms
}
