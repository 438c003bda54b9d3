/** What people might have written, the same every time: no run may be luckier than another. */
export interface Chatter {
  /** A number in [0, 1). */
  next(): number
  /** 3 to 30 words of one language. */
  line(): string
}

/** In one message of fifty thousand. */
export const RARE_WORD = 'quokkasaurus'
const RARE_EVERY = 50_000

const SYLLABLES = {
  english: 'the to and ing er on at en ly con re pro men st ble tion ou ar ite sh in mo ca be wa do la ti'.split(' '),
  german: 'der die und ge ver ung keit lich schön über für grö ß ein auf mit tag wo nacht bär öl zu'.split(' '),
  russian: 'при вет как де ла хо ро шо се год ня мы по го дём ку да на ра бо ту и не'.split(' '),
}
const CHINESE =
  '的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知'
const JAPANESE = 'あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをん東京日本語行見食'
const EMOJI = ['🙂', '👍', '🎉', '🐼', '❤️', '😂']
const WORDS_EACH = 20_000

export function chatter(seed: number): Chatter {
  const next = mulberry32(seed)
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(next() * list.length)]
  const word = (syllables: readonly string[]): string => Array.from({ length: 1 + Math.floor(next() * 3) }, () => pick(syllables)).join('')
  const vocabularies = Object.values(SYLLABLES).map((syllables) => Array.from({ length: WORDS_EACH }, () => word(syllables)))
  // Zipf's law, nearly: the n-th word is about n times as rare as the first.
  const common = <T>(list: readonly T[]): T | undefined => list[Math.floor(list.length ** next()) - 1]
  const spaced = (length: number): string => {
    const vocabulary = pick(vocabularies) ?? []
    return Array.from({ length }, () => common(vocabulary)).join(' ')
  }
  const unspaced = (length: number): string => {
    const characters = Array.from(next() < 0.5 ? CHINESE : JAPANESE)
    return Array.from({ length: length * 2 }, () => common(characters)).join('')
  }
  let count = 0
  return {
    next,
    line: () => {
      count += 1
      const length = 3 + Math.floor(27 * next() ** 2)
      const text = next() < 0.85 ? spaced(length) : unspaced(length)
      const tail = next() < 0.05 ? ` ${pick(EMOJI) ?? ''}` : ''
      return count % RARE_EVERY === 7 ? `${text} ${RARE_WORD}${tail}` : `${text}${tail}`
    },
  }
}

/** Tommy Ettinger's generator of 32 bits: good enough for words, and always the same. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
