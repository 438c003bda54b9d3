import { CONTROLS } from '../../shared/domain/safe-text.ts'

export { plainName, safeName, spokenText } from '../../shared/domain/safe-text.ts'

export type TextPart =
  { kind: 'text'; text: string } | { kind: 'hidden'; code: string } | { kind: 'link'; text: string; host: string | null }

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
