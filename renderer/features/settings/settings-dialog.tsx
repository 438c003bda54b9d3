import { useState } from 'react'
import { Tabs } from 'radix-ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../components/dialog.tsx'
import { LeaveGuard } from './leave-guard.ts'
import type { Guarded } from './leave-guard.ts'
import css from './settings.module.css'

const names = ['profile', 'appearance', 'notices', 'security', 'data', 'connection', 'about'] as const

export type SettingsPage = (typeof names)[number]

interface SettingsDialogProps {
  page: SettingsPage
  onPage: (page: SettingsPage) => void
  pages: Readonly<Record<SettingsPage, ReactNode>>
  onClose: () => void
}

/** The frame of the settings: which page is shown. The pages bring what they need. */
export function SettingsDialog({ page, onPage, pages, onClose }: SettingsDialogProps) {
  const { t } = useTranslation()
  const [guarded] = useState<Guarded>(() => ({ guard: null }))
  const leave = (go: () => void) => (guarded.guard === null ? go() : guarded.guard(go))
  const choose = (value: string) => {
    const chosen = names.find((name) => name === value)
    if (chosen !== undefined && chosen !== page) leave(() => onPage(chosen))
  }
  return (
    <Dialog title={t('settings.title')} size="wide" onClose={() => leave(onClose)}>
      <Tabs.Root className={css['tabs']} value={page} onValueChange={choose} orientation="vertical">
        <Tabs.List className={css['list']} aria-label={t('settings.title')}>
          {names.map((name) => (
            <Tabs.Trigger key={name} value={name} className={css['tab']} data-autofocus={name === page || undefined}>
              {t(`settings.${name}`)}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {names.map((name) => (
          <Tabs.Content key={name} value={name} className={css['page']}>
            <LeaveGuard value={guarded}>{pages[name]}</LeaveGuard>
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </Dialog>
  )
}
