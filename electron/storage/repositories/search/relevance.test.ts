import { expect, test } from 'vitest'
import { messageRow } from '../../../testing/contracts/store/rows.ts'
import { byRelevance } from './relevance.ts'

const order = (texts: readonly string[], ...words: string[]): string[] =>
  byRelevance(
    texts.map((text, n) => ({ ...messageRow(n), text, seq: n })),
    words.map((word) => ({ words: word, prefix: false })),
  ).map((m) => m.text)

test('more of it comes before less, short before long, and equal ones stay as they were', () => {
  expect(order(['jam and bread', 'jam jam bread', 'bread jam now'], 'jam')).toEqual(['jam jam bread', 'jam and bread', 'bread jam now'])
  expect(order([`jam ${'x '.repeat(50)}`, 'jam'], 'jam')).toEqual(['jam', `jam ${'x '.repeat(50)}`])
})

test('much of one word does not outweigh both', () => {
  expect(order(['jam '.repeat(30), 'jam and tea'], 'jam', 'tea')[0]).toBe('jam and tea')
})

test('a file named for it counts more than a mention', () => {
  const named = { ...messageRow(1), text: 'see here', fileNames: ['jam.txt'], seq: 1 }
  const said = { ...messageRow(2), text: 'jam see here', seq: 2 }
  expect(byRelevance([said, named], [{ words: 'jam', prefix: false }])).toEqual([named, said])
})
