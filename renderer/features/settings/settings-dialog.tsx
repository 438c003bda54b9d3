import { Tabs } from 'radix-ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../components/dialog.tsx'
import css from './settings.module.css'

const names = ['profile', 'appearance', 'security', 'data', 'connection'] as const

export type SettingsPage = (typeof names)[number]

interface SettingsDialogProps {
  /** The page shown first. */
  page: SettingsPage
  pages: Readonly<Record<SettingsPage, ReactNode>>
  onClose: () => void
}

/** The frame of the settings: which page is shown. The pages bring what they need. */
export function SettingsDialog({ page, pages, onClose }: SettingsDialogProps) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('settings.title')} size="wide" onClose={onClose}>
      <Tabs.Root className={css['tabs']} defaultValue={page} orientation="vertical">
        <Tabs.List className={css['list']} aria-label={t('settings.title')}>
          {names.map((name) => (
            <Tabs.Trigger key={name} value={name} className={css['tab']} data-autofocus={name === page || undefined}>
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
