import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Connection, ReachedBy } from '../../../shared/domain/models.ts'
import css from './settings.module.css'

/** Whether others come to this device, and how: only what the node knows. */
export function Reached({ connection: { reachability, reachedBy } }: { connection: Connection }) {
  const { t } = useTranslation()
  const { relays, outside } = reachedBy
  return (
    <div className={css['reached']}>
      <p>{summary(t, reachedBy)}</p>
      {reachability === 'local' ? null : (
        <>
          <p className={css['text']}>
            {relays.of === 0 ? t('reached.relaysNone') : t('reached.relays', { held: relays.held, of: relays.of })}
          </p>
          <p className={css['text']}>{t(`reached.outside.${outside}`)}</p>
        </>
      )}
    </div>
  )
}

function summary(t: TFunction, { nearby, outside, relays }: ReachedBy): string {
  if (outside === 'confirmed' || outside === 'met') return t('reached.summary.straight')
  if (relays.held > 0) return t('reached.summary.relays')
  return t(nearby ? 'reached.summary.nearby' : 'reached.summary.nobody')
}
