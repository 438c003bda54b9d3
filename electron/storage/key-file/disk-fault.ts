import { AppError } from '../../kernel/errors.ts'

export const FULL_CODES: ReadonlySet<unknown> = new Set<unknown>(['ENOSPC', 'EDQUOT', 'EFBIG'])

export const FULL_WORDS = 'The disk that the profile is on is full. Nothing was changed by this step; make room there and try again.'
export const READ_ONLY_WORDS =
  'The disk that the profile is on is read-only. Nothing was changed; make it writable, or copy the whole profile folder to another disk and open it there.'
const FORBIDDEN_WORDS =
  'SpacePanda may not read or write in the profile folder: it, or a file in it, belongs to somebody else or is write-protected.'

export const codeOf = (thrown: unknown): unknown => (thrown instanceof Error && 'code' in thrown ? thrown.code : null)

/** Any failure of the file system in the profile folder, in words that say what is wrong and name no path. */
export const diskFault = (thrown: unknown): unknown =>
  thrown instanceof AppError ? thrown : new AppError('disk', wordsFor(codeOf(thrown)), { cause: thrown })

function wordsFor(code: unknown): string {
  if (FULL_CODES.has(code)) return FULL_WORDS
  if (code === 'EROFS') return READ_ONLY_WORDS
  if (code === 'EACCES' || code === 'EPERM') return FORBIDDEN_WORDS
  return 'The profile folder cannot be read or written.'
}

/** Does `step`, and answers whether the disk took it. Throws what is no refusal of the disk. */
export function diskTook(step: () => void): boolean {
  try {
    step()
    return true
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'disk') return false
    throw thrown
  }
}
