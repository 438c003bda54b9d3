/**
 * Prepares text for the index: what SQLite's tokenizer cannot tell apart is spelt so that it can.
 * An entry is taken out of the index by preparing its text once more, so the same text must give the same result in every
 * runtime: ranges are written out here, because what a regular expression or `normalize` knows of Unicode changes with the runtime.
 * Whoever changes what comes out raises `FOLD_RULES`: the index is made anew then.
 */
export const FOLD_RULES = 1

/** Written without spaces between words, so each character is a word: a run of them is found as a phrase. */
export const UNSPACED =
  '\\u0e00-\\u0e7f\\u0e80-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u1950-\\u19df\\u3005-\\u3007\\u3021-\\u3029\\u3031-\\u3035\\u303b' +
  '\\u3041-\\u3096\\u309b-\\u30fa\\u30fc-\\u312d\\u3131-\\u318e\\u31a0-\\u31ba\\u31f0-\\u31ff\\u3400-\\u4db5\\u4e00-\\u9fcc\\ua000-\\ua48c' +
  '\\ua960-\\ua97c\\uac00-\\ud7a3\\uf900-\\ufaff'
/** Symbols, and nearly all beyond the first plane: emoji, rare ideographs, old scripts. The tokenizer does not know most of them. */
export const SPELT =
  '\\u2190-\\u23ff\\u2460-\\u24ff\\u25a0-\\u27bf\\u2900-\\u2bff\\u2e80-\\u2fd5\\u312e\\u312f\\u31bb-\\u31bf\\u3297\\u3299\\u4db6-\\u4dbf' +
  '\\u9fcd-\\u9fff\\u{10000}-\\u{1d3ff}\\u{1d800}-\\u{dffff}\\u{f0000}-\\u{10ffff}'
/** Accents; joiners, direction marks, the soft hyphen, selectors of how a character looks; points of Hebrew, vowel signs of Arabic. */
export const UNSEEN =
  '\\u00ad\\u0300-\\u036f\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7\\u0610-\\u061a\\u0640\\u064b-\\u065f\\u0670\\u06d6-\\u06dc' +
  '\\u06df-\\u06e4\\u06e7\\u06e8\\u06ea-\\u06ed\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u2069\\ufe00-\\ufe0f\\ufeff' +
  '\\u{e0000}-\\u{e01ef}'

const EVERY_UNSEEN = new RegExp(`[${UNSEEN}]`, 'gu')
const EACH_ALONE = new RegExp(`[${UNSPACED}${SPELT}]`, 'gu')
const IS_SPELT = new RegExp(`[${SPELT}]`, 'u')

/** Runs whose parts Unicode settled long ago, so that every runtime takes them apart, or puts them together, alike. */
const EUROPEAN = /[\u00c0-\u058f\u1e00-\u1fff]+/g
const JAMO = /[\u1100-\u11ff]+/g
const VOICED_KANA = /[\u3041-\u30ff][\u3099\u309a]/g
const WIDE_LATIN = /[\uff01-\uff5e]/g
const NARROW_KANA = /[\uff65-\uff9f]+/g
const FANCY_LATIN = /[\u{1d400}-\u{1d7ff}]+/gu
const CONTROL = /[\u0000-\u001f\u007f]/g

/** The same letters without accents, points and differences of width. The length may change. */
export const plainLetters = (text: string): string =>
  text
    .replace(EUROPEAN, (run) => run.normalize('NFD'))
    .replace(JAMO, (run) => run.normalize('NFC'))
    .replace(VOICED_KANA, (pair) => pair.normalize('NFC'))
    .replace(WIDE_LATIN, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(NARROW_KANA, (run) => run.normalize('NFKC'))
    .replace(FANCY_LATIN, (run) => run.normalize('NFKC'))
    .replace(EVERY_UNSEEN, '')

/** A letter that nobody needs begins the spelling of a character that the tokenizer does not know. */
const spelt = (character: string): string => `\ua66e${(character.codePointAt(0) ?? 0).toString(16)}`

/** Words as the tokenizer is to see them, with spaces between. */
export const foldForIndex = (text: string): string =>
  plainLetters(text)
    .replace(CONTROL, ' ')
    .replace(EACH_ALONE, (character) => ` ${IS_SPELT.test(character) ? spelt(character) : character} `)
