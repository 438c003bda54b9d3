import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { RadioList } from '../../components/radio-list.tsx'
import type { SettingsStore } from './settings-store.ts'

const themes = ['system', 'light', 'dark'] as const

export function AppearancePage({ store }: { store: SettingsStore }) {
  const { t } = useTranslation()
  const theme = useStore(store.store, (state) => state.settings.theme)
  const choose = (value: string) => {
    const chosen = themes.find((known) => known === value)
    if (chosen !== undefined) void store.set({ theme: chosen })
  }
  return (
    <RadioList
      legend={t('settings.theme')}
      value={theme}
      choices={themes.map((name) => ({ value: name, label: t(`settings.themes.${name}`) }))}
      onChange={choose}
    />
  )
}
