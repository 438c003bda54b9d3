import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Settings } from '../../../shared/domain/models.ts'
import type { Bridge } from '../../../shared/ipc/bridge.ts'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine } from '../../components/field.tsx'
import { RadioList } from '../../components/radio-list.tsx'
import { Section } from './section.tsx'
import type { SettingsStore } from './settings-store.ts'
import { Tick } from './tick.tsx'
import css from './settings.module.css'

const modes = ['off', 'without-text', 'with-text'] as const

interface NoticesPageProps {
  settings: SettingsStore
  platform: Bridge['platform']
}

/** What the desktop is told of messages, and whether they come in without a window. */
export const NoticesPage = ({ settings, platform }: NoticesPageProps) => (
  <>
    <MessagesSection settings={settings} />
    <BackgroundSection settings={settings} platform={platform} />
  </>
)

function MessagesSection({ settings }: Pick<NoticesPageProps, 'settings'>) {
  const { t } = useTranslation()
  const mode = useStore(settings.store, (state) => state.settings.notices)
  const { problem, set } = useSetting(settings)
  const choose = (value: string) => {
    const chosen = modes.find((known) => known === value)
    if (chosen !== undefined) void set({ notices: chosen })
  }
  return (
    <Section title={t('notices.messages')} text={t('notices.messagesWhat')}>
      <RadioList
        legend={t('notices.show')}
        value={mode}
        choices={modes.map((name) => ({ value: name, label: t(`notices.modes.${name}`), text: t(`notices.modeWhat.${name}`) }))}
        onChange={choose}
      />
      {problem}
    </Section>
  )
}

function BackgroundSection({ settings, platform }: NoticesPageProps) {
  const { t } = useTranslation()
  const on = useStore(settings.store, (state) => state.settings.keepRunning)
  const { problem, set } = useSetting(settings)
  if (platform === 'darwin') return <Section title={t('notices.background')} text={t('notices.backgroundMac')} />
  return (
    <Section title={t('notices.background')} text={t('notices.backgroundWhat')}>
      <Tick label={t('notices.backgroundOn')} checked={on} onChange={(keepRunning) => set({ keepRunning })} />
      <p className={css['under']}>{t('notices.backgroundNoTray')}</p>
      {problem}
    </Section>
  )
}

/** Changes a setting, and says beneath it why that could not be. */
function useSetting(settings: SettingsStore) {
  const words = useErrorWords()
  const [fault, setFault] = useState<string | null>(null)
  const set = async (part: Partial<Settings>) => {
    const error = await settings.set(part)
    setFault(error === null ? null : words(error))
  }
  return { problem: fault === null ? null : <ErrorLine text={fault} />, set }
}
