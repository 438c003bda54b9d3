import { useTranslation } from 'react-i18next'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import { useErrorWords } from '../../components/error-words.ts'

/** Why a join was refused. Whoever joins has no role yet: there that something is not permitted speaks of those who answered. */
export function useRefusalWords(): (error: CodedError) => string {
  const { t } = useTranslation()
  const words = useErrorWords()
  return (error) => (error.code === 'not-permitted' ? t('joins.mayNot') : words(error))
}
