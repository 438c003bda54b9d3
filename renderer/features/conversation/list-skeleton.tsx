import { useTranslation } from 'react-i18next'
import { Bone, Skeleton } from '../../components/skeleton.tsx'
import frame from './message-list.module.css'
import css from './list-skeleton.module.css'

const lines: readonly (readonly number[])[] = [[46], [72, 38], [30], [64, 80, 22], [54]]

/** The outline of a message list while its first page is read. */
export function ListSkeleton() {
  const { t } = useTranslation()
  return (
    <div className={frame['frame']}>
      <Skeleton label={t('conversation.loading')} className={frame['skeleton']}>
        {lines.map((widths, index) => (
          <div key={index} className={css['message']}>
            <Bone width={36} height={36} round />
            <div className={css['lines']}>
              <Bone width={96} height={12} />
              {widths.map((width) => (
                <Bone key={width} width={`${width}%`} height={12} />
              ))}
            </div>
          </div>
        ))}
      </Skeleton>
    </div>
  )
}
