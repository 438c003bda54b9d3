import { CircleAlert, CircleArrowUp } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { UpdateFailure, UpdateStep, UpdateView } from '../../../shared/ipc/updates.ts'
import type { UpdatesStore } from '../../bridge/updates-store.ts'
import { Button } from '../../components/button.tsx'
import { Progress } from '../../components/progress.tsx'
import { fileSize } from '../../i18n/format.ts'
import css from './update-notice.module.css'

/** What concerns a person though the settings are closed: a version to decide about, or one that they wanted. */
type Concerning = Exclude<UpdateStep, { kind: 'quiet' | 'checking' | 'current' }>

const SUSPICIOUS: ReadonlySet<UpdateFailure> = new Set(['untrusted', 'stale'])

function concerning({ obstacle, step }: UpdateView): Concerning | null {
  if (obstacle !== null) return null
  switch (step.kind) {
    case 'quiet':
    case 'checking':
    case 'current':
      return null
    case 'offered':
    case 'ready':
      return step.later ? null : step
    case 'failed':
      // A look that failed is told where somebody asked for it, and to nobody who did not; but not that somebody may be at work here.
      return step.later || (step.offer === null && !SUSPICIOUS.has(step.failure)) ? null : step
    case 'downloading':
    case 'installing':
      return step
  }
}

interface UpdateNoticeProps {
  updates: UpdatesStore
  /** Opens the place where everything of it is shown; null where there is none. */
  onDetails: (() => void) | null
}

/** At the foot of the window: a newer version is there, and the one thing to do about it. It takes no focus and covers nothing. */
export function UpdateNotice({ updates, onDetails }: UpdateNoticeProps) {
  const { t, i18n } = useTranslation()
  const view = useStore(updates.store, (state) => state.view)
  const step = view === null ? null : concerning(view)
  if (step === null) return null
  const version = step.offer?.version
  const details = (words: string) =>
    onDetails === null ? null : (
      <Button tone="quiet" onClick={onDetails}>
        {words}
      </Button>
    )
  const later = (
    <Button tone="quiet" onClick={() => void updates.ask('later')}>
      {t(step.kind === 'ready' && step.soon ? 'updates.notYet' : 'updates.notNow')}
    </Button>
  )
  switch (step.kind) {
    case 'offered':
      return (
        <Line words={t('updates.notice.offered', { version })}>
          <Button onClick={() => void updates.ask('update')}>
            {t('updates.update', { size: fileSize(i18n.language, step.offer.size) })}
          </Button>
          {details(t('updates.notice.whatsNew'))}
          {later}
        </Line>
      )
    case 'ready':
      return (
        <Line words={t(step.soon ? 'updates.notice.readySoon' : 'updates.notice.ready', { version })}>
          <Button onClick={() => void updates.ask('install')}>{t(step.soon ? 'updates.installNow' : 'updates.install')}</Button>
          {details(t('updates.notice.whatsNew'))}
          {later}
        </Line>
      )
    case 'failed':
      return (
        <Line
          bad
          words={
            version === undefined
              ? t(`updates.failure.${step.failure}`)
              : t('updates.notice.failed', { version, why: t(`updates.failure.${step.failure}`) })
          }
        >
          <Button onClick={() => void updates.ask(version === undefined ? 'check' : 'update')}>{t('updates.retry')}</Button>
          {details(t('updates.notice.show'))}
          {later}
        </Line>
      )
    case 'downloading': {
      const words = t('updates.downloading', { version })
      return (
        <Line words={words} progress={<Progress label={words} share={step.received / step.offer.size} />}>
          {details(t('updates.notice.show'))}
          <Button tone="quiet" onClick={() => void updates.ask('cancel')}>
            {t('updates.cancel')}
          </Button>
        </Line>
      )
    }
    case 'installing': {
      const words = t('updates.installing', { version })
      return <Line words={words} progress={<Progress label={words} share={null} />} />
    }
  }
}

interface LineProps {
  words: string
  bad?: boolean
  progress?: ReactNode
  children?: ReactNode
}

function Line({ words, bad = false, progress, children }: LineProps) {
  const { t } = useTranslation()
  const Sign = bad ? CircleAlert : CircleArrowUp
  return (
    <section className={css['notice']} aria-label={t('updates.notice.label')}>
      <Sign className={bad ? css['bad'] : css['sign']} size={16} strokeWidth={1.75} aria-hidden />
      <span role="status" className={css['words']}>
        {words}
      </span>
      {progress === undefined ? null : <div className={css['progress']}>{progress}</div>}
      <div className={css['buttons']}>{children}</div>
    </section>
  )
}
