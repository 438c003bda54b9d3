import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Settings } from '../../../shared/domain/models.ts'
import type { Bridge } from '../../../shared/ipc/bridge.ts'
import type { LoginItemState, LoginItemWish } from '../../../shared/ipc/login-item.ts'
import type { Client } from '../../bridge/client.ts'
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
  loginItem: Client['loginItem']
  platform: Bridge['platform']
}

/** What the desktop is told of messages, and whether they come in without a window. */
export const NoticesPage = ({ settings, loginItem, platform }: NoticesPageProps) => (
  <>
    <MessagesSection settings={settings} />
    <BackgroundSection settings={settings} platform={platform} />
    <LoginSection loginItem={loginItem} />
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

function BackgroundSection({ settings, platform }: Pick<NoticesPageProps, 'settings' | 'platform'>) {
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

/** The system keeps that list, and may be told by others: it is asked each time the page is opened. */
function LoginSection({ loginItem }: Pick<NoticesPageProps, 'loginItem'>) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const [state, setState] = useState<LoginItemState | null>(null)
  const [fault, setFault] = useState<string | null>(null)
  const ask = useCallback(
    async (wish: LoginItemWish) => {
      const result = await loginItem(wish)
      if (result.ok) setState(result.value)
      setFault(result.ok ? null : words(result.error))
    },
    [loginItem, words],
  )
  useEffect(() => void ask('look'), [ask])
  if (state === 'unavailable') return <Section title={t('notices.login')} text={t('notices.loginUnavailable')} />
  return (
    <Section title={t('notices.login')} text={t('notices.loginWhat')}>
      <Tick label={t('notices.loginOn')} checked={state === 'on'} onChange={(on) => ask(on ? 'on' : 'off')} />
      {fault === null ? null : <ErrorLine text={fault} />}
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
