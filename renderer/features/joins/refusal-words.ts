import { useTranslation } from 'react-i18next'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import type { JoinTrouble } from '../../../shared/domain/models.ts'
import { useErrorWords } from '../../components/error-words.ts'

/** Why a join was refused. Whoever joins has no role yet: there that something is not permitted speaks of those who answered. */
export function useRefusalWords(): (error: CodedError) => string {
  const { t } = useTranslation()
  const words = useErrorWords()
  return (error) => (error.code === 'not-permitted' ? t('joins.mayNot') : words(error))
}

/** Whether nobody was there to be asked. */
export const isNobodyThere = ({ step, code }: JoinTrouble): boolean =>
  step !== 'admitting' && (code === 'unreachable' || (code === 'timed-out' && step === 'connecting'))

/** Why a try did not lead in, and what has to happen for one that does. */
export function useTroubleWords(): (trouble: JoinTrouble) => string {
  const { t } = useTranslation()
  const words = useRefusalWords()
  return (trouble) => {
    const { step, code } = trouble
    if (isNobodyThere(trouble)) return t('joins.unreachable')
    if (step !== 'admitting') return words(trouble)
    return t(code === 'returning' ? 'joins.letIn' : code === 'removed' ? 'joins.removed' : 'joins.notYet')
  }
}
