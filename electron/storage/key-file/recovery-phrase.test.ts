import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import { AppError } from '../../kernel/errors.ts'
import { systemRandom } from '../../kernel/random.ts'
import { newRecoveryPhrase, readRecoveryPhrase } from './recovery-phrase.ts'

/** Vectors of the reference implementation (trezor/python-mnemonic, vectors.json). */
const vectors: [string, string][] = [
  ['00'.repeat(32), `${'abandon '.repeat(23)}art`],
  ['ff'.repeat(32), `${'zoo '.repeat(23)}vote`],
  [
    '68a79eaca2324873eacc50cb9c6eca8cc68ea5d936f98787c60c7ebc74e6ce7c',
    'hamster diagram private dutch cause delay private meat slide toddler razor book happy fancy gospel tennis maple dilemma loan word shrug inflict delay length',
  ],
]
const [, , [entropy, phrase]] = vectors as [unknown, unknown, [string, string]]
const words = phrase.split(' ')
const read = (text: string): string => toHex(readRecoveryPhrase(text).reveal())

const refusal = (text: string): AppError => {
  try {
    readRecoveryPhrase(text)
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown
  }
  throw new Error('it was taken')
}

describe('a recovery phrase', () => {
  test.each(vectors)('of %s is what others that know BIP 39 say', (hex, expected) => {
    expect(newRecoveryPhrase({ ...systemRandom, bytes: () => fromHex(hex) }).phrase).toBe(expected)
    expect(read(expected)).toBe(hex)
  })

  test('that is new is 24 words of 256 random bits', () => {
    const [one, two] = [newRecoveryPhrase(systemRandom), newRecoveryPhrase(systemRandom)]
    expect(one.phrase.split(' ')).toHaveLength(24)
    expect(one.phrase).not.toBe(two.phrase)
    expect(read(one.phrase)).toBe(toHex(one.entropy.reveal()))
  })

  test.each([
    ['in capitals', phrase.toUpperCase()],
    ['with blanks around and between', `  ${words.join('   ')}\t\n`],
    ['in lines', words.join('\r\n')],
    ['numbered', words.map((word, n) => `${n + 1}. ${word}`).join('\n')],
    ['numbered without a blank', words.map((word, n) => `${n + 1})${word}`).join(' ')],
    ['in columns', words.map((word, n) => `${n + 1}: ${word}${n % 4 === 3 ? '\n' : '\t'}`).join('')],
    ['with commas', words.join(', ')],
    ['with blanks that do not break, and letters of full width', phrase.replaceAll(' ', '\u00a0').replaceAll('a', '\uff41')],
    ['with marks on letters', phrase.replaceAll('e', 'e\u0301').normalize('NFC')],
  ])('is taken %s', (_what, text) => {
    expect(read(text)).toBe(entropy)
  })

  test.each([
    ['nothing', '', /24 words; this has 0/],
    ['one word too few', words.slice(1).join(' '), /this has 23/],
    ['one word too many', `${phrase} zoo`, /this has 25/],
    ['a word that is none', words.with(6, 'delai').join(' '), /^Word 7 /],
    ['a wrong word', words.with(6, 'abandon').join(' '), /do not belong together/],
    ['two words in the wrong order', [words[1], words[0], ...words.slice(2)].join(' '), /do not belong together/],
    ['words of another alphabet', 'слово '.repeat(24), /this has 0/],
  ])('with %s is told to be mistyped, without a word of it', (_what, text, message) => {
    const error = refusal(text)
    expect(error.code).toBe('wrong-recovery-phrase')
    expect(error.message).toMatch(message)
    for (const word of ['delai', 'hamster', 'diagram']) expect(error.message).not.toContain(word)
  })
})
