import { expect, it } from 'vitest'
import { excerptParts } from './excerpt.ts'

const shown = (excerpt: string, ...matches: [number, number][]) =>
  excerptParts(excerpt, matches).map(({ text, match }) => (match ? `[${text}]` : text))

it('cuts a text at its matches and keeps the spaces between', () => {
  expect(shown('the alto part', [4, 8])).toEqual(['the ', '[alto]', ' part'])
  expect(shown('alto alto', [0, 4], [5, 9])).toEqual(['[alto]', ' ', '[alto]'])
})

it('makes one line of it, and lets nothing reorder it', () => {
  expect(shown('one\n\ntwo \u202Ethree', [5, 8])).toEqual(['one ', '[two]', ' \ufffdthree'])
})

it.each<[string, [number, number][], string[]]>([
  ['past the end', [[2, 99]], ['ab', '[c]']],
  ['before the beginning', [[-5, 1]], ['[a]', 'bc']],
  [
    'overlapping',
    [
      [0, 2],
      [1, 3],
    ],
    ['[ab]', '[c]'],
  ],
  [
    'out of order',
    [
      [2, 3],
      [0, 1],
    ],
    ['[a]', 'b', '[c]'],
  ],
  [
    'backwards or empty',
    [
      [2, 1],
      [1, 1],
    ],
    ['a', 'b', 'c'],
  ],
])('takes matches that are %s as far as they fit', (_, matches, expected) => {
  expect(shown('abc', ...matches)).toEqual(expected)
})
