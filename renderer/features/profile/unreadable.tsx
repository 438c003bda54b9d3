import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { Gate } from './gate.tsx'
import css from './gate.module.css'

/** The profile exists and cannot be opened: says so, offers nothing that could lose it. */
export function Unreadable({ reason, retry }: { reason: string; retry: () => void }) {
  const { t } = useTranslation()
  return (
    <Gate title={t('profile.unreadableTitle')} lead={t('profile.unreadableLead')}>
      <p className={css['reason']} dir="auto">
        {reason}
      </p>
      <p className={css['lead']}>{t('profile.unreadableRemedy')}</p>
      <Button tone="primary" onClick={retry}>
        {t('app.tryAgain')}
      </Button>
    </Gate>
  )
}

/** The node answered with an error before it could say anything of a profile. */
export function CannotStart({ reason, retry }: { reason: string; retry: () => void }) {
  const { t } = useTranslation()
  return (
    <Gate title={t('app.cannotStart')} lead={reason}>
      <Button tone="primary" onClick={retry}>
        {t('app.tryAgain')}
      </Button>
    </Gate>
  )
}
