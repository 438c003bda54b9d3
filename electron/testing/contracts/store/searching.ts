import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MessageRow, SearchQuery, SearchTerm, Store } from '../../../ports/store.ts'
import type { CurrentStore } from './current-store.ts'
import { addMessage, channelId, groupId, memberId, messageRow } from './rows.ts'

const add = (store: Store, ...rows: MessageRow[]): void => store.transaction((tx) => rows.forEach((row) => addMessage(tx, row)))
const say = (store: Store, ...texts: string[]): void => add(store, ...texts.map((text, n) => messageRow(n + 1, { text })))

/** `wor*` for a prefix. */
const term = (words: string): SearchTerm => ({ words: words.replace(/\*$/, ''), prefix: words.endsWith('*') })

const query = (words: readonly string[], wish: Partial<SearchQuery> = {}): SearchQuery => ({
  terms: words.map(term),
  groups: null,
  channelId: null,
  order: 'newest',
  limit: 50,
  before: null,
  ...wish,
})
const find = (store: Store, words: readonly string[], wish: Partial<SearchQuery> = {}): string[] =>
  store.search.find(query(words, wish)).messages.map((m) => m.text)

export function searchContract(current: CurrentStore): void {
  describe('a search', () => {
    test('finds whole words, several in any order, and phrases in theirs', () => {
      const store = current()
      say(store, 'The quick brown fox', 'a brown and quick dog', 'quickly, brownish')
      expect(find(store, ['quick'])).toEqual(['a brown and quick dog', 'The quick brown fox'])
      expect(find(store, ['brown', 'quick'])).toHaveLength(2)
      expect(find(store, ['quick brown'])).toEqual(['The quick brown fox'])
      expect(find(store, ['brown quick'])).toEqual([])
      expect(find(store, ['quick', 'cat'])).toEqual([])
    })

    test('finds prefixes, also at the end of a phrase', () => {
      const store = current()
      say(store, 'The quick brown fox', 'quickly, brownish')
      expect(find(store, ['quick*'])).toHaveLength(2)
      expect(find(store, ['quick bro*'])).toEqual(['The quick brown fox'])
      expect(find(store, ['uick*'])).toEqual([])
    })

    test.each([
      ['case', 'GRÜẞE an Ärzte', 'ärzte'],
      ['accents typed or not', 'Crème brûlée au café', 'creme'],
      ['accents in the query', 'creme brulee', 'brûlée'],
      ['accents written apart', 'cafe\u0301 noir', 'café'],
      ['Vietnamese', 'Tiếng Việt rất hay', 'tieng viet'],
      ['Cyrillic, and letters with a sign', 'Мой дом ещё стоит', 'МОЙ'],
      ['Greek, its final sigma and accents', 'ο σοφός ΣΟΦΟΣ', 'σοφοσ'],
      ['Chinese inside a sentence', '我们明天去北京大学看书', '北京大学'],
      ['Japanese, kana and kanji', '東京タワーへ行きました', 'タワーへ行'],
      ['half-width and full-width kana', 'ﾀﾜｰとガ', 'タワー'],
      ['Korean within a word', '안녕하세요 여러분', '하세'],
      ['Korean written apart', '한국'.normalize('NFD'), '한국'],
      ['Thai without spaces', 'ฉันรักภาษาไทย', 'ภาษา'],
      ['full-width Latin', 'ＨＥＬＬＯ　ｗｏｒｌｄ', 'hello world'],
      ['Hindi, with its vowel signs', 'हिन्दी भाषा', 'हिन्दी'],
      ['Arabic, with and without vowel signs', 'مُحَمَّد في البيت', 'محمد'],
      ['Hebrew, with and without points', 'שָׁלוֹם עולם', 'שלום'],
      ['an emoji among words', 'well done 🎉 team', '🎉'],
      ['one without its skin tone', 'thanks 👍🏽!', '👍'],
      ['a symbol', 'I ❤️ gardens', '❤'],
      ['numbers and versions', 'see RFC 9420, v1.2', '9420'],
      ['an address as words', 'mail ada@example.org today', 'example.org'],
      ['Latin within Chinese', '我用iPhone手机', 'iphone'],
      ['rare ideographs', '𠮷野家で食べた', '𠮷野'],
    ])('does not mind %s', (_what, text, words) => {
      const store = current()
      say(store, text, 'something else 別 다른 другое')
      expect(find(store, [words])).toEqual([text])
    })

    test.each([
      ['北京大学', '北京有大学'],
      ['하세', '하지만세상'],
      ['👍', '👎'],
      ['हिन', 'हिन्दी'],
      ['cafe', 'cafeteria'],
    ])('for %s does not find %s', (words, text) => {
      const store = current()
      say(store, text)
      expect(find(store, [words])).toEqual([])
    })

    test('without terms finds nothing', () => {
      const store = current()
      say(store, 'something')
      expect(store.search.find(query([]))).toEqual({ messages: [], nextCursor: null })
    })

    test.each([
      'AND',
      'OR',
      'NOT',
      'NEAR(a b)',
      'text:x',
      '{text}',
      '^a',
      'a + b',
      '-',
      "'",
      '"',
      '" OR ""',
      ')',
      '(',
      '*',
      'a"b',
      '\0',
      'c\0d',
      '\ud800',
    ])('for %j takes it as text', (words) => {
      const store = current()
      say(store, 'nothing of that kind')
      expect(find(store, [words])).toEqual([])
      expect(find(store, [`${words}*`, 'nothing'])).toEqual(expect.any(Array))
    })

    test('finds words that mean something to the index', () => {
      const store = current()
      say(store, 'this AND that OR NOT near', 'other')
      for (const words of ['AND', 'or not', 'near', 'NOT']) expect(find(store, [words])).toEqual(['this AND that OR NOT near'])
    })

    test('looks into the names of files', () => {
      const store = current()
      add(store, messageRow(1, { text: 'here it is', fileNames: ['Ferienplan_2026.pdf', 'ジャム.txt'] }), messageRow(2, { text: 'thanks' }))
      expect(find(store, ['ferienplan*'])).toEqual(['here it is'])
      expect(find(store, ['ジャム', 'here'])).toEqual(['here it is'])
      expect(find(store, ['is ferienplan'])).toEqual([])
    })

    test('stays in a channel, or in the groups that were asked for, whatever is written about it', () => {
      const store = current()
      const other = { groupId: groupId(2), channelId: channelId(2) }
      add(
        store,
        messageRow(1, { text: 'word a' }),
        messageRow(2, { text: 'word b', ...other }),
        messageRow(3, { text: 'word c', channelId: channelId(3) }),
      )
      expect(find(store, ['word'], { channelId: channelId(1) })).toEqual(['word a'])
      expect(find(store, ['word'], { groups: [groupId(1)] })).toEqual(['word c', 'word a'])
      expect(find(store, ['word'], { groups: [groupId(1), groupId(2)] })).toEqual(['word c', 'word b', 'word a'])
      expect(find(store, ['word'], { groups: [] })).toEqual([])
      expect(find(store, ['word'], { groups: [groupId(2)], channelId: channelId(1) })).toEqual([])
      expect(find(store, [`c${channelId(1)}`])).toEqual([])
    })
  })

  describe('what is found', () => {
    test('is the newest first by time, whatever the order of arrival, page by page', () => {
      const store = current()
      add(store, ...[30, 10, 50, 20, 40].map((n) => messageRow(n, { text: `word ${n}` })))
      const first = store.search.find(query(['word'], { limit: 2 }))
      expect(first.messages.map((m) => m.lamport)).toEqual([50, 40])
      add(store, messageRow(60, { text: 'word 60' }), messageRow(25, { text: 'word 25' }))
      const second = store.search.find(query(['word'], { limit: 3, before: first.nextCursor }))
      expect(second.messages.map((m) => m.lamport)).toEqual([30, 25, 20])
      const third = store.search.find(query(['word'], { limit: 3, before: second.nextCursor }))
      expect([third.messages.map((m) => m.lamport), third.nextCursor]).toEqual([[10], null])
    })

    test('of one time is the last to arrive first, and none is lost between pages', () => {
      const store = current()
      add(store, ...Array.from({ length: 7 }, (_, n) => messageRow(20 - n, { text: `word ${n}`, lamport: 5 })))
      const seen: string[] = []
      let before: string | null = null
      do {
        const page = store.search.find(query(['word'], { limit: 2, before }))
        seen.push(...page.messages.map((m) => m.text))
        before = page.nextCursor
      } while (before !== null)
      expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((n) => `word ${n}`))
    })

    test('by relevance is what is most about it first, and pages of it meet', () => {
      const store = current()
      say(store, 'jam', `jam ${'and other things '.repeat(20)}`, 'jam jam, more jam', `${'nothing of it '.repeat(30)} jam`)
      const all = find(store, ['jam'], { order: 'relevance' })
      expect(all.slice(0, 2)).toEqual(expect.arrayContaining(['jam jam, more jam', 'jam']))
      const first = store.search.find(query(['jam'], { order: 'relevance', limit: 3 }))
      add(store, messageRow(90, { text: 'jam jam jam' }))
      const rest = store.search.find(query(['jam'], { order: 'relevance', limit: 3, before: first.nextCursor }))
      expect(first.messages).toHaveLength(3)
      expect(rest.nextCursor).toBeNull()
    })

    test.each(['', 'x', '1', '1.1.1', '-1.0', '1.0 ', "1.'"])('is not paged by %j', (before) => {
      const store = current()
      say(store, 'word')
      expect(() => store.search.find(query(['word'], { before }))).toThrow(expect.objectContaining({ code: 'invalid' }))
    })

    test('is what a look at every message finds, for any words of any of these scripts', () => {
      fc.assert(
        fc.property(
          fc.array(sentence, { minLength: 1, maxLength: 6 }),
          fc.array(wanted, { minLength: 1, maxLength: 2 }),
          (texts, terms) => {
            const channel = channelId(++runs + 500)
            add(current(), ...texts.map((text) => messageRow(++runs + 10_000, { text, channelId: channel, author: memberId(3) })))
            const expected = texts.filter((text) => terms.every(({ words, prefix }) => holds(text, words, prefix))).toReversed()
            expect(
              find(
                current(),
                terms.map(({ words, prefix }) => words.join(' ') + (prefix ? '*' : '')),
                { channelId: channel },
              ),
            ).toEqual(expected)
          },
        ),
        { numRuns: 80 },
      )
    })
  })

  describe('an index made anew', () => {
    test('finds the same', () => {
      const store = current()
      say(store, 'one word', 'two words', 'three words')
      store.transaction((tx) => tx.search.forget())
      for (let steps = 0; steps < 10 && store.transaction((tx) => tx.search.indexMore(2)); steps++);
      expect(store.search.isIncomplete()).toBe(false)
      expect(find(store, ['words'])).toEqual(['three words', 'two words'])
      store.transaction((tx) => tx.messages.deleteForMe(messageRow(2).messageId))
      expect(find(store, ['words'])).toEqual(['three words'])
    })
  })
}

let runs = 0
/** Words that no two of which fold alike or begin alike, save `kann` and `kannst`. */
const vocabulary = [
  'kann',
  'kannst',
  'Ärger',
  'über',
  'naïve',
  'Дом',
  'ёлка',
  'λόγος',
  '你好',
  '世界',
  'ありがとう',
  '한국',
  '🐼',
  'x86',
  'بيت',
  'שלום',
] as const
const sentence = fc.array(fc.constantFrom(...vocabulary), { minLength: 1, maxLength: 5 }).map((words) => words.join(' '))
const wanted = fc.record({ words: fc.array(fc.constantFrom(...vocabulary), { minLength: 1, maxLength: 2 }), prefix: fc.boolean() })

const holds = (text: string, words: readonly string[], prefix: boolean): boolean => {
  const have = text.split(' ')
  const same = (word: string | undefined, want: string, isLast: boolean): boolean =>
    prefix && isLast ? word?.startsWith(want) === true : word === want
  return have.some((_, at) => words.every((want, n) => same(have[at + n], want, n === words.length - 1)))
}
