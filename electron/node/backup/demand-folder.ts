import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { AppError } from '../../kernel/errors.ts'
import { targetFault } from '../../storage/backup/new-file.ts'

/** Throws `AppError('not-found' | 'disk')` unless it is a folder that can be written. */
export async function demandFolder(folder: string): Promise<void> {
  try {
    if (!(await stat(folder)).isDirectory()) throw new AppError('not-found', 'That is not a folder.')
    await access(folder, constants.W_OK)
  } catch (thrown) {
    throw targetFault(thrown)
  }
}
