import { createHash } from 'node:crypto'
import { type Random, systemRandom } from '../../kernel/random.ts'
import { newRecoveryPhrase } from '../key-file/recovery-phrase.ts'

export const numberedPassphrase = (n: number): string => `passphrase number ${n}`

/** Gives the same phrase for the same number; ids of temporary files stay random. */
export const numberedRandom = (n: number): Random => ({
  ...systemRandom,
  bytes: (length) => new Uint8Array(createHash('sha256').update(`secret ${n}`).digest().subarray(0, length)),
})

export const numberedPhrase = (n: number): string => newRecoveryPhrase(numberedRandom(n)).phrase
