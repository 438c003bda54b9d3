import { readFileSync } from 'node:fs'
import { AppError } from '../kernel/errors.ts'
import { readStdin } from './stdin.ts'

/** The recovery phrase in a file, or on standard input. Throws `AppError('usage')` where there is neither. */
export async function readRecoveryPhrase(file: string | undefined): Promise<string> {
  if (file === undefined) return readStdin('recovery phrase', 'Give the recovery phrase on standard input, or --recovery-phrase-file.')
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new AppError('usage', 'The file with the recovery phrase cannot be read.')
  }
}
