import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { ErrorLine } from '../../components/field.tsx'
import { Gate } from './gate.tsx'
import type { ProfileStore } from './profile-store.ts'
import css from './gate.module.css'

/** Another SpacePanda has the profile open: nothing need be typed before that is known. */
export function InUse({ profile }: { profile: ProfileStore }) {
  const { t } = useTranslation()
  const [state, setState] = useState<'waiting' | 'trying' | 'failed'>('waiting')
  const retry = async () => {
    setState('trying')
    await profile.retry()
    setState('failed')
  }
  return (
    <Gate title={t('profile.inUseTitle')} lead={t('profile.inUseLead')}>
      <p className={css['lead']}>{t('profile.inUseRemedy')}</p>
      <div className={css['choices']}>
        <Button data-autofocus tone="primary" wide disabled={state === 'trying'} onClick={() => void retry()}>
          {t('app.tryAgain')}
        </Button>
        {state === 'failed' ? <ErrorLine text={t('profile.inUseStill')} /> : null}
      </div>
    </Gate>
  )
}
