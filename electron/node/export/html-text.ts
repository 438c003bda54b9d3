const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Controls that HTML forbids, and marks that are no characters. Line breaks and tabs stay. */
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]/g
/** What turns the direction of what follows; harmless inside an element that is isolated, which a title is not. */
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** Any text as text of an element or of a quoted attribute, and nothing else. */
export const escapeHtml = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(FORBIDDEN, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')

/** One line without any say in directions. */
export const escapeTitle = (text: string): string => escapeHtml(text.replace(DIRECTIONS, '').replace(/\s+/g, ' '))

/** The beginning of a text as one line. */
export function excerptOf(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const characters = Array.from(line)
  return characters.length > length ? `${characters.slice(0, length).join('')}…` : line
}
