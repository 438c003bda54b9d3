import { readFileSync } from 'node:fs'
import { AppError } from '../kernel/errors.ts'

/**
 * The passphrase of `--passphrase-file` (its first line), else of `SPACEPANDA_PASSPHRASE`; null if neither is given.
 * Never an argument: other users of the machine can read those. Throws `AppError('usage')` if the file cannot be read.
 */
export function readPassphrase(file: string | undefined, env: Readonly<Record<string, string | undefined>>): string | null {
  if (file === undefined) return env['SPACEPANDA_PASSPHRASE'] ?? null
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/, 1)[0] ?? ''
  } catch {
    throw new AppError('usage', 'The passphrase file cannot be read.')
  }
}
