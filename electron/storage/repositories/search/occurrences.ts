import type { SearchTerm } from '../../../ports/store.ts'
import { type Segment, segments } from './segments.ts'

/** Where the term occurs: the words of each place, in order; places do not overlap. */
export function occurrences(words: readonly Segment[], { words: asked, prefix }: SearchTerm): Segment[][] {
  const wanted = segments(asked)
  const found: Segment[][] = []
  if (wanted.length === 0) return found
  for (let at = 0; at + wanted.length <= words.length; at++) {
    const here = words.slice(at, at + wanted.length)
    const fits = here.every((word, n) => {
      const want = wanted[n]?.folded ?? ''
      return prefix && n === wanted.length - 1 ? word.folded.startsWith(want) : word.folded === want
    })
    if (!fits) continue
    found.push(here)
    at += wanted.length - 1
  }
  return found
}
