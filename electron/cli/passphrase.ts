import { readFileSync } from 'node:fs'
import { AppError } from '../kernel/errors.ts'

type Env = Readonly<Record<string, string | undefined>>

/**
 * The passphrase of `--passphrase-file` (its first line), else of `SPACEPANDA_PASSPHRASE`; null if neither is given or it is
 * empty: none is.
 * Never an argument: other users of the machine can read those. Throws `AppError('usage')` if the file cannot be read.
 */
export const readPassphrase = (file: string | undefined, env: Env): string | null => read(file, env['SPACEPANDA_PASSPHRASE'])

/** As `readPassphrase`: of `--new-passphrase-file`, else of `SPACEPANDA_NEW_PASSPHRASE`. */
export const readNewPassphrase = (file: string | undefined, env: Env): string | null => read(file, env['SPACEPANDA_NEW_PASSPHRASE'])

function read(file: string | undefined, otherwise: string | undefined): string | null {
  if (file === undefined) return otherwise || null
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/, 1)[0] || null
  } catch {
    throw new AppError('usage', 'The passphrase file cannot be read.')
  }
}
