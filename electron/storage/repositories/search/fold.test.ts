import { expect, test } from 'vitest'
import { foldForIndex } from './fold.ts'

/**
 * What the index of every profile was made by. A text must be prepared in the same way when it is taken out again, years later
 * and in another runtime: who changes a line of this must raise `FOLD_RULES`.
 */
test.each([
  ['plain words', 'Hello, world 42', 'Hello, world 42'],
  ['accents', 'Crème Ё Ά ṩ', 'Creme Е Α s'],
  ['characters without spaces between', '北京a', ' 北  京 a'],
  ['kana of all kinds', 'ｶﾞが', ' ガ  が '],
  ['syllables written apart', '\u1112\u1161\u11ab', ' 한 '],
  ['points and vowel signs', 'שָׁ مُحَ', 'ש مح'],
  ['emoji, without what only changes their looks', '❤️👍🏽', ' ꙮ2764  ꙮ1f44d  ꙮ1f3fd '],
  ['wide and fancy Latin', 'ＡＢ　𝐡𝐢', 'AB　hi'],
  ['rare ideographs', '𠮷鿿', ' ꙮ20bb7  ꙮ9fff '],
  ['control characters', 'a\0b\nc', 'a b c'],
  ['joiners and soft hyphens', 'co\u00adop می\u200cخواهم', 'coop میخواهم'],
])('%s', (_what, text, prepared) => {
  expect(foldForIndex(text)).toBe(prepared)
})
