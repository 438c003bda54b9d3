import type { SearchTerm } from '../../../ports/store.ts'
import { occurrences } from './occurrences.ts'
import { segments } from './segments.ts'

export interface Excerpt {
  excerpt: string
  /** [from, to) in UTF-16 code units of `excerpt`, ascending, apart from each other, at ends of code points. */
  matches: [number, number][]
}

/** In UTF-16 code units. */
const LENGTH = 160
/** So much stands before the first match. */
const BEFORE = 40
const CUT = '…'

/**
 * A part of the text around the first match, or of the first file name that has one where the text has none.
 * Where nothing matches in our reading, which may differ from the index in rare scripts, it is the beginning of the text.
 */
export function excerptOf({ text, fileNames }: { text: string; fileNames: readonly string[] }, terms: readonly SearchTerm[]): Excerpt {
  for (const source of [text, ...fileNames]) {
    const ranges = matchesIn(source, terms)
    if (ranges.length > 0) return cut(source, ranges)
  }
  return cut(text, [])
}

function matchesIn(text: string, terms: readonly SearchTerm[]): [number, number][] {
  const words = segments(text)
  const ranges = terms
    .flatMap((term) => occurrences(words, term).flat())
    .map(({ from, to }): [number, number] => [from, to])
    .sort(([a], [b]) => a - b)
  return ranges.reduce<[number, number][]>((joined, [from, to]) => {
    const last = joined.at(-1)
    // The same word by two terms, or characters of one run.
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to)
    else joined.push([from, to])
    return joined
  }, [])
}

function cut(text: string, ranges: readonly [number, number][]): Excerpt {
  const first = ranges[0]?.[0] ?? 0
  if (text.length <= LENGTH) return { excerpt: text, matches: ranges.map(([from, to]) => [from, to]) }
  const from = wordStart(text, Math.max(0, Math.min(first - BEFORE, text.length - LENGTH)), first)
  const end = Math.min(text.length, from + LENGTH)
  const to = isTorn(text, end) ? end - 1 : end
  const [head, tail] = [from > 0 ? CUT : '', to < text.length ? CUT : '']
  const shift = head.length - from
  const matches = ranges
    .filter(([start]) => start >= from && start < to)
    .map(([start, end]): [number, number] => [start + shift, Math.min(end, to) + shift])
  return { excerpt: head + text.slice(from, to) + tail, matches }
}

/** The first beginning of a word from `at` on, but not past `limit`. */
function wordStart(text: string, at: number, limit: number): number {
  if (at === 0) return 0
  const gap = text.slice(at, limit).search(/\s/u)
  if (gap !== -1) return at + gap + 1
  return isTorn(text, at) ? at + 1 : at
}

/** Between the halves of a surrogate pair. */
const isTorn = (text: string, at: number): boolean => /[\ud800-\udbff]/.test(text.charAt(at - 1)) && /[\udc00-\udfff]/.test(text.charAt(at))
