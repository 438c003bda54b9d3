import { CircleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { Button } from '../../components/button.tsx'
import { unmetWords } from '../../components/unmet-words.ts'
import type { ConnectionStore } from './connection-store.ts'
import css from './unmet-notes.module.css'

/** At the foot of the window, until it is dismissed: the newest of what was asked here in vain, and how much there is besides. */
export function UnmetNotes({ store }: { store: ConnectionStore }) {
  const { t } = useTranslation()
  const connection = useStore(store.store, (state) => state.connection)
  const unmet = connection.kind === 'ready' ? connection.value.unmet : []
  const [newest, ...more] = unmet
  if (newest === undefined) return null
  return (
    <section className={css['note']} aria-label={t('connection.unmetLabel')}>
      <CircleAlert className={css['sign']} size={16} strokeWidth={1.75} aria-hidden />
      <span role="status" className={css['words']}>
        <bdi>{unmetWords(t, newest)}</bdi>
        {more.length === 0 ? null : <span className={css['more']}> {t('connection.unmetMore', { count: more.length })}</span>}
      </span>
      <div className={css['buttons']}>
        <Button tone="quiet" onClick={() => store.dismiss([newest])}>
          {t('connection.unmetDismiss')}
        </Button>
        {more.length === 0 ? null : (
          <Button tone="quiet" onClick={() => store.dismiss(unmet)}>
            {t('connection.unmetDismissAll')}
          </Button>
        )}
      </div>
    </section>
  )
}
