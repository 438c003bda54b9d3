import { useTranslation } from 'react-i18next'
import css from './settings.module.css'

interface DataPageProps {
  passphrase: boolean
  versions: { app: string; electron: string }
}

export function DataPage({ passphrase, versions }: DataPageProps) {
  const { t } = useTranslation()
  return (
    <>
      <p className={css['text']}>{t('settings.dataWhere')}</p>
      <p className={css['text']}>{passphrase ? t('settings.dataPassphrase') : t('settings.dataKeyring')}</p>
      <p className={css['text']}>{t('settings.dataUnaudited')}</p>
      <p className={css['text']}>{t('settings.version', versions)}</p>
    </>
  )
}
