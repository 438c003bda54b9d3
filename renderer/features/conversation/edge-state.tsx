import { useTranslation } from 'react-i18next'
import { Notice } from '../../components/notice.tsx'
import type { Edge } from './conversations.ts'
import css from './message-list.module.css'

/** Beyond an end of what is loaded: a line as high whether or not it says something. */
export function EdgeState({ side, state, onRetry }: { side: 'older' | 'newer'; state: Edge; onRetry: () => void }) {
  const { t } = useTranslation()
  const isOlder = side === 'older'
  if (state === 'failed') {
    return (
      <Notice
        text={isOlder ? t('conversation.olderFailed') : t('conversation.newerFailed')}
        action={t('app.tryAgain')}
        onAction={onRetry}
      />
    )
  }
  const words = isOlder ? t('conversation.loadingOlder') : t('conversation.loadingNewer')
  return <p className={css['older']}>{state === 'loading' ? words : '\u00a0'}</p>
}
