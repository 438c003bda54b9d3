import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseQuery } from './query.ts'

const parsed = (typed: string): string[] => parseQuery(typed).map(({ words, prefix }) => (prefix ? `${words}*` : words))

describe('a query', () => {
  test.each<[string, string[]]>([
    ['garden party', ['garden', 'party*']],
    ['garden party ', ['garden', 'party']],
    ['gar* party ', ['gar*', 'party']],
    ['"garden party"', ['garden party']],
    ['"garden par', ['garden par*']],
    ['"garden" par', ['garden', 'par*']],
    ['say "see you" soon ', ['say', 'see you', 'soon']],
    ['„guten Tag“ ', ['guten Tag']],
    ['«bonjour»', ['bonjour']],
    ['「東京」', ['東京']],
    ['"star*" x ', ['star*', 'x']],
    ['北京', ['北京']],
    ['🐼 pan', ['🐼', 'pan*']],
    ['a', ['a']],
    ['ab', ['ab*']],
    ['a* ', ['a']],
    ['example.org', ['example.org*']],
    ['AND OR ', ['AND', 'OR']],
  ])('%j asks for %j', (typed, terms) => {
    expect(parsed(typed)).toEqual(terms)
  })

  test.each(['', '   ', '"', '""', '" "', '***', '!?', '. , ;', '\u200b', '"*" -', '\0'])('%j asks for nothing', (typed) => {
    expect(parseQuery(typed)).toEqual([])
  })

  test('of many words is cut, not refused', () => {
    expect(parseQuery('word '.repeat(100)).length).toBe(16)
  })

  test('of any text gives terms that hold a word each', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (typed) => {
        for (const { words } of parseQuery(typed)) {
          expect(words.trim()).not.toBe('')
          expect(typed).toContain(words)
        }
      }),
    )
  })
})
