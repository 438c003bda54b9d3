import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine } from '../../components/field.tsx'
import { Section } from './section.tsx'
import type { SettingsStore } from './settings-store.ts'
import { Tick } from './tick.tsx'

/** Whether others see what was read here, and what they read is seen. */
export function ReceiptsSection({ settings }: { settings: SettingsStore }) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const on = useStore(settings.store, (state) => state.settings.readReceipts)
  const [problem, setProblem] = useState<string | null>(null)
  const set = async (readReceipts: boolean) => {
    const error = await settings.set({ readReceipts })
    setProblem(error === null ? null : words(error))
  }
  return (
    <Section title={t('security.receipts')} text={t('security.receiptsWhat')}>
      <Tick label={t('security.receiptsOn')} checked={on} onChange={set} />
      {problem === null ? null : <ErrorLine text={problem} />}
    </Section>
  )
}
