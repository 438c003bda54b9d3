import { useTranslation } from 'react-i18next'
import type { CodedError } from '../../shared/ipc/error-codes.ts'

/** Turns a coded error into the window's own words for it; `invalid` says what the node found wrong. */
export function useErrorWords(): (error: CodedError) => string {
  const { t } = useTranslation()
  return (error) => (error.code === 'invalid' && error.message !== '' ? error.message : t(`errors.${error.code}`))
}
