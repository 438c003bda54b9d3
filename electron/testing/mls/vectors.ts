import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { fromHex } from '../../kernel/bytes.ts'

/** The MLS working group's RFC 9420 test vectors: where `MLS_VECTORS_DIR` says, else `../shared/mls-vectors` beside the project. */
const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..')
const FOLDER = process.env['MLS_VECTORS_DIR'] ?? path.resolve(ROOT, '..', 'shared', 'mls-vectors')

export const haveVectors = existsSync(path.join(FOLDER, 'crypto-basics.json'))

/** What the suite that needs them is called, so that a run without them says what it lacks. */
export const titled = (title: string): string =>
  haveVectors ? title : `${title} — NOT RUN: no test vectors; set MLS_VECTORS_DIR to a folder with crypto-basics.json and the others`

/** Keys of the kind `T` gives; bytes are hexadecimal. */
export const loadVectors = <T>(name: string): T[] => JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), 'utf8')) as T[]

/** The suite our provider has a counterpart of among those of RFC 9420. */
export const ofOurSuite = <T extends { cipher_suite: number }>(vectors: readonly T[]): T[] =>
  vectors.filter((vector) => vector.cipher_suite === 1)

export const hex = fromHex
