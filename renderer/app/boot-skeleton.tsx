import { useTranslation } from 'react-i18next'
import { Bone, Skeleton } from '../components/skeleton.tsx'
import css from './shell.module.css'

const channels = [64, 92, 78, 110]

/** The outline of the window while the profile is being opened. */
export function BootSkeleton() {
  const { t } = useTranslation()
  return (
    <div className={css['shell']}>
      <div className={css['titlebar']} />
      <Skeleton label={t('app.opening')} className={css['window']}>
        <div className={css['rail']}>
          <Bone width={40} height={40} />
          <Bone width={40} height={40} />
        </div>
        <div className={css['boot']} style={{ width: 240 }}>
          <Bone width={120} height={16} />
          <Bone width="100%" height={32} />
          {channels.map((width) => (
            <Bone key={width} width={width} height={14} />
          ))}
        </div>
        <div className={css['place']} />
      </Skeleton>
    </div>
  )
}
