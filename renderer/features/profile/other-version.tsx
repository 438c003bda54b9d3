import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { ProfileStatus } from '../../../shared/domain/models.ts'
import type { UpdatesStore } from '../../bridge/updates-store.ts'
import { Button } from '../../components/button.tsx'
import { ErrorLine } from '../../components/field.tsx'
import { Gate } from './gate.tsx'
import type { ProfileStore } from './profile-store.ts'
import css from './gate.module.css'

interface OtherVersionProps {
  code: Exclude<Extract<ProfileStatus, { kind: 'unreadable' }>['code'], 'unreadable'>
  profile: ProfileStore
  updates: UpdatesStore
}

/** The profile is whole, and another version opens it: says which, and offers no repair, which would be none. */
export function OtherVersion({ code, profile, updates }: OtherVersionProps) {
  const { t } = useTranslation()
  const [state, setState] = useState<'waiting' | 'trying' | 'failed'>('waiting')
  const retry = async () => {
    setState('trying')
    await profile.reopen()
    setState('failed')
  }
  const trying = state === 'trying'
  return (
    <Gate title={t(`profile.${code}.title`)} lead={t(`profile.${code}.lead`)}>
      <p className={css['lead']}>{t(`profile.${code}.remedy`)}</p>
      <div className={css['choices']}>
        {code === 'newer-profile' ? <LookForNewer tone="primary" updates={updates} /> : null}
        <Button tone={code === 'newer-profile' ? 'plain' : 'primary'} wide disabled={trying} onClick={() => void retry()}>
          {trying ? t('profile.unlocking') : t('app.tryAgain')}
        </Button>
        {state === 'failed' ? <ErrorLine text={t('profile.stillSo')} /> : null}
        {code === 'newer-profile' ? null : <LookForNewer tone="plain" updates={updates} />}
      </div>
    </Gate>
  )
}

/** What is found is brought up at the foot of the window; here that there is nothing, or why nobody knows. */
function LookForNewer({ updates, tone }: { updates: UpdatesStore; tone: 'primary' | 'plain' }) {
  const { t } = useTranslation()
  const view = useStore(updates.store, (state) => state.view)
  const [asked, setAsked] = useState(false)
  if (view === null || view.obstacle !== null) return null
  const { step } = view
  const look = () => {
    setAsked(true)
    void updates.ask('check')
  }
  return (
    <>
      <Button tone={tone} wide disabled={step.kind === 'checking'} onClick={look}>
        {t('updates.check')}
      </Button>
      {asked && (step.kind === 'checking' || step.kind === 'current') ? (
        <p role="status" className={css['lead']}>
          {t(`updates.${step.kind}`)}
        </p>
      ) : null}
      {asked && step.kind === 'failed' && step.offer === null ? <ErrorLine text={t(`updates.failure.${step.failure}`)} /> : null}
    </>
  )
}
