import { useTranslation } from 'react-i18next'
import type { Space } from '../../../shared/domain/models.ts'
import { safeName } from '../../components/safe-text.ts'
import css from './leaving-notes.module.css'

/** At the foot of the window: who is giving this device what was said before it joined. */
export function HistoryNotes({ spaces }: { spaces: readonly Space[] }) {
  const { t } = useTranslation()
  const places = spaces.flatMap((space) => [
    { id: space.spaceId, from: space.gettingHistoryFrom },
    ...space.channels
      .filter(({ kind }) => kind === 'private')
      .map((channel) => ({ id: channel.membersOf, from: channel.gettingHistoryFrom })),
  ])
  return places.map(({ id, from: name }) =>
    name === null ? null : (
      <div key={id} className={css['note']}>
        <span role="status" className={css['words']}>
          {t('sharing.getting', { name: safeName(name) })}
        </span>
      </div>
    ),
  )
}
