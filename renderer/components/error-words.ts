import { useTranslation } from 'react-i18next'
import type { CodedError, ErrorCode } from '../../shared/ipc/error-codes.ts'

/** Where the node's own sentence tells a person more than words for every such error could. */
const SAYS_MORE: ReadonlySet<ErrorCode> = new Set([
  'invalid',
  'unreadable',
  'newer-profile',
  'upgrade-failed',
  'wrong-recovery-phrase',
  'conflict',
  'disk',
])

/** Turns a coded error into the window's own words for it, or the node's where those say what exactly is wrong. */
export function useErrorWords(): (error: CodedError) => string {
  const { t } = useTranslation()
  return (error) => (SAYS_MORE.has(error.code) && error.message !== '' ? error.message : t(`errors.${error.code}`))
}
