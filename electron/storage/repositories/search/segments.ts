import { plainLetters, SPELT, UNSEEN, UNSPACED } from './fold.ts'

/** A word as it stands in a text: from, to in UTF-16 code units, always at the ends of code points. */
export interface Segment {
  from: number
  to: number
  /** As it is compared: without case, accents, points and differences of width. */
  folded: string
  /** One character of a script without spaces, or a symbol. */
  alone: boolean
}

const NARROW_KANA = '\\uff65-\\uff9f'
const JAMO = '\\u1100-\\u11ff'
const SEGMENT = new RegExp(
  [
    `(?<alone>[${SPELT}][${UNSEEN}]*|[${UNSPACED}${NARROW_KANA}][\\u3099\\u309a\\uff9e\\uff9f${UNSEEN}]*|[\\u1100-\\u115f]+[\\u1160-\\u11a7]*[\\u11a8-\\u11ff]*)`,
    `(?:(?![${SPELT}${UNSPACED}${NARROW_KANA}${JAMO}])[\\p{L}\\p{N}\\p{M}\\p{Co}${UNSEEN}])+`,
  ].join('|'),
  'gu',
)

const foldWord = (text: string): string => plainLetters(text).toLowerCase().replaceAll('ς', 'σ')

/** The words of a text in order, divided as the index divides them. */
export function segments(text: string): Segment[] {
  const found: Segment[] = []
  for (const match of text.matchAll(SEGMENT)) {
    const folded = foldWord(match[0])
    if (folded !== '')
      found.push({ from: match.index, to: match.index + match[0].length, folded, alone: match.groups?.['alone'] !== undefined })
  }
  return found
}
