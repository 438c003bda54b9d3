import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { AppError } from '../../kernel/errors.ts'
import type { Random } from '../../kernel/random.ts'
import { type Redacted, takeSecret } from '../../kernel/redacted.ts'

/** BIP 39: 256 bits and a checksum of 8 are 24 words of 11 bits each. */
const ENTROPY_BYTES = 32
const WORDS = 24

/** A new phrase of 24 English words, and the 32 random bytes that they say. */
export function newRecoveryPhrase(random: Random): { phrase: string; entropy: Redacted<Uint8Array> } {
  const entropy = random.bytes(ENTROPY_BYTES)
  return { phrase: entropyToMnemonic(entropy, wordlist), entropy: takeSecret(entropy) }
}

/**
 * The bytes that a phrase says, however it was typed or copied: in capitals, over several lines, numbered, with commas.
 * Throws `AppError('wrong-recovery-phrase')`, saying what is wrong with it as far as the phrase itself tells.
 */
export function readRecoveryPhrase(text: string): Redacted<Uint8Array> {
  const plain = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  const words = plain.match(/[a-z]+/g) ?? []
  if (words.length !== WORDS) throw wrong(`A recovery phrase has ${WORDS} words; this has ${words.length}.`)
  const unknown = words.findIndex((word) => !wordlist.includes(word))
  if (unknown !== -1) throw wrong(`Word ${unknown + 1} is none of the words that recovery phrases are made of. Look for a typing mistake.`)
  try {
    return takeSecret(mnemonicToEntropy(words.join(' '), wordlist))
  } catch (thrown) {
    throw wrong('These words do not belong together: one of them is not the one written down, or two are in the wrong order.', {
      cause: thrown,
    })
  }
}

const wrong = (message: string, options?: ErrorOptions): AppError => new AppError('wrong-recovery-phrase', message, options)
