import { Tabs } from 'radix-ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../components/dialog.tsx'
import css from './settings.module.css'

interface SettingsDialogProps {
  profile: ReactNode
  appearance: ReactNode
  connection: ReactNode
  data: ReactNode
  onClose: () => void
}

/** The frame of the settings: which page is shown. The pages bring what they need. */
export function SettingsDialog({ onClose, ...pages }: SettingsDialogProps) {
  const { t } = useTranslation()
  const names = ['profile', 'appearance', 'connection', 'data'] as const
  return (
    <Dialog title={t('settings.title')} size="wide" onClose={onClose}>
      <Tabs.Root className={css['tabs']} defaultValue="profile" orientation="vertical">
        <Tabs.List className={css['list']} aria-label={t('settings.title')}>
          {names.map((name) => (
            <Tabs.Trigger key={name} value={name} className={css['tab']} data-autofocus={name === 'profile' || undefined}>
              {t(`settings.${name}`)}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {names.map((name) => (
          <Tabs.Content key={name} value={name} className={css['page']}>
            {pages[name]}
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </Dialog>
  )
}
