import { useTranslation } from 'react-i18next'
import css from './tasks.module.css'

/** A bar that fills. Without a share it only says that something goes on. */
export function Progress({ label, share }: { label: string; share: number | null }) {
  const { t } = useTranslation()
  const percent = share === null ? undefined : Math.floor(share * 100)
  return (
    <div className={css['progress']}>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        className={css['track']}
        data-unknown={percent === undefined || undefined}
      >
        <div className={css['fill']} style={{ width: `${percent ?? 100}%` }} />
      </div>
      <span className={css['percent']} aria-hidden>
        {percent === undefined ? '' : t('tasks.percent', { percent })}
      </span>
    </div>
  )
}
