import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SearchTerm } from '../../../ports/store.ts'
import { excerptOf } from './excerpt.ts'
import { segments } from './segments.ts'

const word = (words: string, prefix = false): SearchTerm => ({ words, prefix })
const of = (text: string, ...terms: SearchTerm[]) => excerptOf({ text, fileNames: [] }, terms)
const marked = ({ excerpt, matches }: ReturnType<typeof excerptOf>): string[] => matches.map(([from, to]) => excerpt.slice(from, to))

describe('an excerpt', () => {
  test('of a short text is the text, and marks every match as it is written', () => {
    const text = 'Crème brûlée, creme, CRÈME!'
    expect(of(text, word('creme'))).toEqual({
      excerpt: text,
      matches: [
        [0, 5],
        [14, 19],
        [21, 26],
      ],
    })
  })

  test('of a long text begins shortly before the first match, at a word', () => {
    const text = `${'padding words go here '.repeat(20)}the needle is in ${'the haystack and more '.repeat(20)}`
    const found = of(text, word('needle'))
    expect(found.excerpt).toMatch(/^….{0,45}needle is in the haystack.*…$/)
    expect(found.excerpt).toMatch(/^…(?:padding|words|go|here|the)/)
    expect(marked(found)).toEqual(['needle'])
  })

  test('marks whole words for prefixes, the words of a phrase, and runs of characters as one', () => {
    expect(marked(of('gardening in gardens', word('garden', true)))).toEqual(['gardening', 'gardens'])
    expect(marked(of('new york, not york new', word('new york')))).toEqual(['new', 'york'])
    expect(marked(of('我们去北京大学', word('北京大学')))).toEqual(['北京大学'])
    expect(marked(of('well done 👍🏽 and 👍', word('👍')))).toEqual(['👍', '👍'])
  })

  test('marks text with combining signs, vowel points and width as a whole', () => {
    expect(marked(of('le cafe\u0301 noir', word('café')))).toEqual(['cafe\u0301'])
    expect(marked(of('שָׁלוֹם עולם', word('שלום')))).toEqual(['שָׁלוֹם'])
    expect(marked(of('ｈｅｌｌｏ', word('hello')))).toEqual(['ｈｅｌｌｏ'])
    expect(marked(of('한국'.normalize('NFD'), word('한국')))).toEqual(['한국'.normalize('NFD')])
  })

  test('is of a file name where only that matches, and of the text where nothing does', () => {
    const message = { text: 'here it is', fileNames: ['a.txt', 'Ferien plan.pdf'] }
    expect(excerptOf(message, [word('plan')])).toEqual({ excerpt: 'Ferien plan.pdf', matches: [[7, 11]] })
    expect(excerptOf(message, [word('zebra')])).toEqual({ excerpt: 'here it is', matches: [] })
    expect(of('x'.repeat(500), word('y')).excerpt).toBe(`${'x'.repeat(160)}…`)
  })

  test('never tears a character, however long its text without spaces', () => {
    const { excerpt } = of(`${'🐼'.repeat(300)}z`, word('z'))
    expect(Buffer.from(excerpt).toString()).toBe(excerpt)
    expect(excerpt).toContain('z')
  })
})

const letters = fc.constantFrom(
  'kann',
  'Ärger',
  'cafe\u0301',
  'Дом',
  '你好',
  '世',
  'ガ',
  '한국',
  '👍🏽',
  '🐼',
  'שָׁלוֹם',
  'ｘ８６',
  ' ',
  '\n',
  ', ',
  '-',
  'ﾀﾞ',
)
const texts = fc.array(letters, { maxLength: 120 }).map((parts) => parts.join(''))
const anything = fc.string({ unit: 'binary', maxLength: 400 })
const queries = fc.array(fc.record({ words: fc.oneof(letters, fc.string({ unit: 'binary', maxLength: 4 })), prefix: fc.boolean() }), {
  maxLength: 4,
})

describe('whatever the text and the query', () => {
  test('marks lie inside, ascend, keep apart, do not tear characters, and fold to what was asked', () => {
    fc.assert(
      fc.property(fc.oneof(texts, anything), queries, (text, terms) => {
        const { excerpt, matches } = of(text, ...terms)
        let end = -1
        for (const [from, to] of matches) {
          expect(from).toBeGreaterThan(end)
          expect(to).toBeGreaterThan(from)
          expect(to).toBeLessThanOrEqual(excerpt.length)
          expect(atBoundary(excerpt, from) && atBoundary(excerpt, to)).toBe(true)
          end = to
          const asked = terms.flatMap((term) => segments(term.words).map((s) => s.folded))
          for (const { folded } of segments(excerpt.slice(from, to)))
            expect(asked.some((want) => folded.startsWith(want) || want.startsWith(folded))).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('the excerpt is a piece of the text, with a sign where it was cut', () => {
    fc.assert(
      fc.property(fc.oneof(texts, anything), queries, (text, terms) => {
        const { excerpt } = of(text, ...terms)
        expect(excerpt.length).toBeLessThanOrEqual(162)
        if (text.length <= 160) expect(excerpt).toBe(text)
        else expect(text.includes(excerpt.replace(/^…/, '').replace(/…$/, ''))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('words of a text lie in order and cover nothing twice', () => {
    fc.assert(
      fc.property(fc.oneof(texts, anything), (text) => {
        let end = 0
        for (const { from, to, folded } of segments(text)) {
          expect(from).toBeGreaterThanOrEqual(end)
          expect(to).toBeGreaterThan(from)
          expect(folded).not.toBe('')
          end = to
        }
      }),
    )
  })
})

const atBoundary = (text: string, at: number): boolean =>
  !(/[\ud800-\udbff]/.test(text.charAt(at - 1)) && /[\udc00-\udfff]/.test(text.charAt(at)))
