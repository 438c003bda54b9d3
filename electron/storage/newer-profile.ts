import { AppError } from '../kernel/errors.ts'

/** For a profile whose key file or schema only a newer program knows. */
export const newerProfile = (): AppError =>
  new AppError(
    'newer-profile',
    'This profile was written by a newer SpacePanda. Install that version or a later one to open it; nothing was changed.',
  )
