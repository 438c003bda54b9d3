import { useTranslation } from 'react-i18next'
import type { Space } from '../../../shared/domain/models.ts'
import { safeName } from '../../components/safe-text.ts'
import css from './leaving-notes.module.css'

/** At the foot of the window: who is giving this device what was said before it joined. */
export function HistoryNotes({ spaces }: { spaces: readonly Space[] }) {
  const { t } = useTranslation()
  return spaces.map(({ spaceId, gettingHistoryFrom: name }) =>
    name === null ? null : (
      <div key={spaceId} className={css['note']}>
        <span role="status" className={css['words']}>
          {t('sharing.getting', { name: safeName(name) })}
        </span>
      </div>
    ),
  )
}
