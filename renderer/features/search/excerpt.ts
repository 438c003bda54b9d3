import { spokenText } from '../../components/safe-text.ts'

export interface ExcerptPart {
  text: string
  match: boolean
}

/**
 * Cuts an excerpt at its matches ([from, to) in UTF-16 code units). What does not fit the text, or
 * overlaps what came before, is cut down to what does: it comes from another process.
 */
export function excerptParts(excerpt: string, matches: readonly (readonly [number, number])[]): ExcerptPart[] {
  const parts: ExcerptPart[] = []
  const add = (from: number, to: number, match: boolean) => {
    if (to > from) parts.push({ text: plain(excerpt.slice(from, to)), match })
  }
  let at = 0
  for (const [first, end] of [...matches].sort((a, b) => a[0] - b[0])) {
    const from = Math.min(Math.max(first, at), excerpt.length)
    const to = Math.min(Math.max(end, from), excerpt.length)
    add(at, from, false)
    add(from, to, true)
    at = to
  }
  add(at, excerpt.length, false)
  return parts
}

/** As `spokenText`, but spaces at the ends stay: they stand between parts. */
function plain(text: string): string {
  const lead = /^\s/u.test(text) ? ' ' : ''
  const tail = text.length > 1 && /\s$/u.test(text) ? ' ' : ''
  const inner = spokenText(text)
  return inner === '' ? lead || tail : `${lead}${inner}${tail}`
}
