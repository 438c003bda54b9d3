import { useId } from 'react'
import { RadioGroup } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { SettingsStore } from './settings-store.ts'
import css from './settings.module.css'

const themes = ['system', 'light', 'dark'] as const

export function AppearancePage({ store }: { store: SettingsStore }) {
  const { t } = useTranslation()
  const id = useId()
  const theme = useStore(store.store, (state) => state.settings.theme)
  const choose = (value: string) => {
    const chosen = themes.find((known) => known === value)
    if (chosen !== undefined) void store.set({ theme: chosen })
  }
  return (
    <div>
      <p id={id} className={css['legend']}>
        {t('settings.theme')}
      </p>
      <RadioGroup.Root className={css['radios']} aria-labelledby={id} value={theme} onValueChange={choose}>
        {themes.map((name) => (
          <label key={name} className={css['choice']} htmlFor={`${id}-${name}`}>
            <RadioGroup.Item id={`${id}-${name}`} value={name} className={css['radio']}>
              <RadioGroup.Indicator className={css['dot']} />
            </RadioGroup.Item>
            {t(`settings.themes.${name}`)}
          </label>
        ))}
      </RadioGroup.Root>
    </div>
  )
}
