/** Characters that reorder or break a line, and controls other than tab and line feed. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu

export type TextPart =
  { kind: 'text'; text: string } | { kind: 'hidden'; code: string } | { kind: 'link'; text: string; host: string | null }

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Nko}\p{Script=Syriac}\p{Script=Thaana}]/u
/** First strong isolate, and its end (UAX #9): what is between them has an order of its own. */
const [ISOLATE, END] = ['\u2068', '\u2069']

/** A name that someone else chose, on one line and without what reorders others. */
export const plainName = (name: string): string => {
  const clean = name.replace(CONTROLS, '\ufffd').replace(/\s+/gu, ' ').trim()
  return clean === '' ? '\ufffd' : clean
}

/** The same to be drawn: nothing in it can reorder what stands around it, and it reads the same in a list as in a sentence. */
export const safeName = (name: string): string => {
  const plain = plainName(name)
  return RIGHT_TO_LEFT.test(plain) ? `${ISOLATE}${plain}${END}` : plain
}

/** Text as one line for accessible names and announcements. */
export const spokenText = (text: string): string => text.replace(CONTROLS, '\ufffd').replace(/\s+/gu, ' ').trim()

const LINK = /https:\/\/[^\s<>"'`\u0000-\u001f\u2028-\u202e\u2066-\u2069]+/giu
const TRAILING = /[.,;:!?)\]}’”]+$/u

/**
 * Splits a message into what is drawn as it is, what is drawn as a marker, and https addresses.
 * A link whose host is not plain ASCII carries the host in its unmistakable form.
 */
export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = []
  let from = 0
  for (const match of text.matchAll(LINK)) {
    const candidate = match[0].replace(TRAILING, '')
    const host = readHost(candidate)
    if (host === null) continue
    parts.push(...plainParts(text.slice(from, match.index)))
    parts.push({ kind: 'link', text: candidate, host: host.shown })
    from = match.index + candidate.length
  }
  parts.push(...plainParts(text.slice(from)))
  return parts
}

function readHost(candidate: string): { shown: string | null } | null {
  if (!URL.canParse(candidate)) return null
  const url = new URL(candidate)
  if (url.protocol !== 'https:' || url.hostname === '') return null
  const written = candidate.slice('https://'.length).split(/[/?#]/u)[0] ?? ''
  const plain = written.toLowerCase() === url.host || written.toLowerCase() === `${url.host}:443`
  return { shown: plain ? null : url.host }
}

function plainParts(text: string): TextPart[] {
  const parts: TextPart[] = []
  let from = 0
  for (const match of text.matchAll(CONTROLS)) {
    if (match.index > from) parts.push({ kind: 'text', text: text.slice(from, match.index) })
    const code = (match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    parts.push({ kind: 'hidden', code: `U+${code}` })
    from = match.index + match[0].length
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) })
  return parts
}
