import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { UpdateOffer, UpdateStep, UpdateWish } from '../../../shared/ipc/updates.ts'
import type { UpdatesStore } from '../../bridge/updates-store.ts'
import { Button } from '../../components/button.tsx'
import { ErrorLine } from '../../components/field.tsx'
import { Progress } from '../../components/progress.tsx'
import { fileSize, longDateAndTime, nameList } from '../../i18n/format.ts'
import { Section } from './section.tsx'
import { Tick } from './tick.tsx'
import css from './settings.module.css'

type Ask = (wish: UpdateWish) => void

interface UpdatesSectionProps {
  updates: UpdatesStore
  /** Whether somebody came for this part of the page. */
  wanted: boolean
}

/** Whether there is a newer version, whose word that is, and what to do about it. */
export function UpdatesSection({ updates, wanted }: UpdatesSectionProps) {
  const { t, i18n } = useTranslation()
  const view = useStore(updates.store, (state) => state.view)
  const section = useRef<HTMLElement>(null)
  const isKnown = view !== null
  useEffect(() => {
    if (!isKnown) void updates.ask('look')
    else if (wanted) section.current?.scrollIntoView({ block: 'start' })
  }, [updates, isKnown, wanted])
  if (view === null) return null
  const { obstacle, automatic, checkedAt, step } = view
  if (obstacle !== null) return <Section title={t('updates.title')} text={t(`updates.obstacle.${obstacle}`)} />
  const ask: Ask = (wish) => void updates.ask(wish)
  return (
    <Section ref={section} title={t('updates.title')} text={t('updates.what')}>
      <div role="status" className={css['state']}>
        <StepWords step={step} />
        {checkedAt === null ? null : (
          <span className={css['text']}>{t('updates.checked', { when: longDateAndTime(i18n.language, checkedAt) })}</span>
        )}
      </div>
      <StepBody step={step} ask={ask} />
      <Tick label={t('updates.automatic')} checked={automatic} onChange={(checked) => ask(checked ? 'automatic-on' : 'automatic-off')} />
      <p className={css['under']}>{t('updates.automaticWhat')}</p>
    </Section>
  )
}

/** How it stands, in a sentence. */
function StepWords({ step }: { step: UpdateStep }) {
  const { t } = useTranslation()
  switch (step.kind) {
    case 'quiet':
    case 'checking':
    case 'current':
      return <span className={css['standing']}>{t(`updates.${step.kind}`)}</span>
    case 'failed':
      return <ErrorLine text={t(`updates.failure.${step.failure}`)} />
    case 'offered':
      return <span className={css['standing']}>{t(step.later ? 'updates.later' : 'updates.offered', { version: step.offer.version })}</span>
    case 'ready': {
      const words = step.later ? 'updates.readyLater' : step.soon ? 'updates.readySoon' : 'updates.ready'
      return <span className={css['standing']}>{t(words, { version: step.offer.version })}</span>
    }
    case 'downloading':
    case 'installing':
      return <span className={css['standing']}>{t(`updates.${step.kind}`, { version: step.offer.version })}</span>
  }
}

/** What belongs to it, and what can be done. */
function StepBody({ step, ask }: { step: UpdateStep; ask: Ask }) {
  const { t, i18n } = useTranslation()
  const check = (
    <Button disabled={step.kind === 'checking'} onClick={() => ask('check')}>
      {t('updates.check')}
    </Button>
  )
  switch (step.kind) {
    case 'quiet':
    case 'checking':
    case 'current':
      return <div className={css['buttons']}>{check}</div>
    case 'failed':
      return (
        <div className={css['buttons']}>
          {step.offer === null ? null : (
            <Button tone="primary" onClick={() => ask('update')}>
              {t('updates.retry')}
            </Button>
          )}
          {check}
        </div>
      )
    case 'offered':
      return (
        <OfferView offer={step.offer}>
          <Button tone="primary" onClick={() => ask('update')}>
            {t('updates.update', { size: fileSize(i18n.language, step.offer.size) })}
          </Button>
          <Button onClick={() => ask('download')}>{t('updates.download')}</Button>
          {step.later ? null : <Button onClick={() => ask('later')}>{t('updates.notNow')}</Button>}
        </OfferView>
      )
    case 'downloading':
      return (
        <>
          <Progress label={t('updates.downloading', { version: step.offer.version })} share={step.received / step.offer.size} />
          <div className={css['buttons']}>
            <Button onClick={() => ask('cancel')}>{t('updates.cancel')}</Button>
          </div>
        </>
      )
    case 'ready':
      return (
        <OfferView offer={step.offer}>
          <Button tone="primary" onClick={() => ask('install')}>
            {t(step.soon ? 'updates.installNow' : 'updates.install')}
          </Button>
          {step.later ? null : <Button onClick={() => ask('later')}>{t(step.soon ? 'updates.notYet' : 'updates.notNow')}</Button>}
        </OfferView>
      )
    case 'installing':
      return <Progress label={t('updates.installing', { version: step.offer.version })} share={null} />
  }
}

/** Who vouches for it, and what they say has changed: plain text, never read as anything else. */
function OfferView({ offer, children }: { offer: UpdateOffer; children: ReactNode }) {
  const { t, i18n } = useTranslation()
  const names = nameList(i18n.language, offer.signers)
  return (
    <>
      <p className={css['text']}>{t('updates.signed', { names, when: longDateAndTime(i18n.language, Date.parse(offer.date)) })}</p>
      {offer.notes === '' ? null : (
        <div className={css['notes']} tabIndex={0} aria-label={t('updates.notes')} role="region">
          {offer.notes}
        </div>
      )}
      <div className={css['buttons']}>{children}</div>
    </>
  )
}
