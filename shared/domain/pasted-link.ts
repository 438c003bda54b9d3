export const LINK_PREFIX = 'spacepanda:join/'

/** The same as people's programs write it: with another capital, or broken after its colon. */
const BEGINNING = /spacepanda:\s*join\//gi
/** The alphabet of base64url (RFC 4648 §5). */
const PIECE = /^[A-Za-z0-9_-]+/
/** What mail and chat programs put into a long word: line breaks, marks where it may break, and those of a quotation. */
const BREAK = /^[\s\u00ad\u200b\u2060\ufeff>]+/
/** A word that Markdown marks, or a dash after it, ends in letters of the alphabet. */
const MARKS = /[_-]+$/

/** More of either is no message that somebody was sent an invitation in; so what is pasted costs little. */
const MOST_BEGINNINGS = 8
const MOST_PIECES = 400

export type PastedLink = { kind: 'found'; link: string } | { kind: 'none' } | { kind: 'several' }

/**
 * The invitation link in a text that somebody pasted, without what stands around it and what broke it. `isWhole` tells whether a
 * text is a link and nothing else: only what is, is one, so nothing is dropped or joined that does not make a link.
 */
export function findLink(text: string, isWhole: (link: string) => boolean): PastedLink {
  const beginnings = [...text.matchAll(BEGINNING)].slice(0, MOST_BEGINNINGS)
  const found = beginnings.map((match) => wholeFrom(text.slice(match.index + match[0].length), isWhole))
  const [link, ...others] = new Set(found.filter((one) => one !== null))
  if (link === undefined) return { kind: 'none' }
  return others.length === 0 ? { kind: 'found', link } : { kind: 'several' }
}

/** The shortest that is whole: what follows it is something else. */
function wholeFrom(rest: string, isWhole: (link: string) => boolean): string | null {
  let link = LINK_PREFIX
  for (let pieces = 0; pieces < MOST_PIECES; pieces++) {
    const [piece] = PIECE.exec(rest) ?? []
    if (piece === undefined) return null
    link += piece
    const whole = [link, link.replace(MARKS, '')].find(isWhole)
    if (whole !== undefined) return whole
    const after = rest.slice(piece.length)
    const [between = ''] = BREAK.exec(after) ?? []
    if (between === '') return null
    rest = after.slice(between.length)
  }
  return null
}
