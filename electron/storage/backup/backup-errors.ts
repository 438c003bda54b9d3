import { AppError } from '../../kernel/errors.ts'

/** Where in a backup something is wrong. */
export type BackupPart = 'beginning' | 'header' | 'database' | 'end'

const PLACES: Record<BackupPart, string> = {
  beginning: 'at its very beginning',
  header: 'in its header',
  database: 'in its content, or at its very end',
  end: 'after its end: something was added to it',
}

/** What can be wrong with a backup, each in words for the person who has it. None of them names a path. */
export const notABackup = (): AppError => new AppError('unreadable', 'This is not a backup of SpacePanda.')

export const newerBackup = (): AppError =>
  new AppError('unreadable', 'This backup was made by a newer SpacePanda. Install that version or a later one to use it.')

export const damagedBackup = (part: BackupPart, options?: ErrorOptions): AppError =>
  new AppError('unreadable', `This backup is damaged ${PLACES[part]}. Use another one; nothing was changed.`, options)

export const truncatedBackup = (): AppError =>
  new AppError('unreadable', 'This backup is not complete: its end is missing. Copy it again, or use another one; nothing was changed.')

/** What it holds is authentic but cannot be a whole database: it was made from a damaged one. */
export const unsoundBackup = (options?: ErrorOptions): AppError =>
  new AppError('unreadable', 'The database inside this backup is damaged. Use another one; nothing was changed.', options)

export const noSuchBackup = (): AppError =>
  new AppError('not-found', 'The file of the backup is not there. If it is on another disk, connect it.')

export const needsOpener = (): AppError =>
  new AppError(
    'passphrase-required',
    'This backup is opened by the passphrase of its profile, or by its recovery phrase. Give one of them.',
  )
