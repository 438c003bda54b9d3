import type { SearchTerm } from '../../../ports/store.ts'
import { type Segment, segments } from './segments.ts'

/** Where the term occurs: the words of each place, in order; places do not overlap. */
export function occurrences(words: readonly Segment[], { words: asked, prefix }: SearchTerm): Segment[][] {
  const wanted = segments(asked).map((word) => word.folded)
  const found: Segment[][] = []
  if (wanted.length === 0) return found
  const fits = (at: number): boolean =>
    wanted.every((want, n) => {
      const have = words[at + n]?.folded ?? ''
      return prefix && n === wanted.length - 1 ? have.startsWith(want) : have === want
    })
  for (let at = 0; at + wanted.length <= words.length; at++) {
    if (!fits(at)) continue
    found.push(words.slice(at, at + wanted.length))
    at += wanted.length - 1
  }
  return found
}
