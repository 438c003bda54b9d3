import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Settings } from '../../../shared/domain/models.ts'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import { Button } from '../../components/button.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine } from '../../components/field.tsx'
import { Choice } from './choice.tsx'
import { Section } from './section.tsx'
import { Tick } from './tick.tsx'
import type { SettingsStore } from './settings-store.ts'
import css from './settings.module.css'

const minutes = [1, 5, 15, 30, 60] as const

interface LockSectionProps {
  /** Whether a passphrase opens the profile: else locking would lock nothing. */
  passphrase: boolean
  settings: SettingsStore
  lock: () => Promise<CodedError | null>
}

export function LockSection({ passphrase, settings, lock }: LockSectionProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const { lockAfterMinutes, lockOnSuspend } = useStore(settings.store, (state) => state.settings)
  const [problem, setProblem] = useState<string | null>(null)
  const report = (error: CodedError | null) => setProblem(error === null ? null : words(error))
  const set = async (part: Partial<Settings>) => report(await settings.set(part))
  const lockNow = async () => report(await lock())
  const known = lockAfterMinutes === null || minutes.some((count) => count === lockAfterMinutes)
  const choices = [...minutes, ...(known ? [] : [lockAfterMinutes])].sort((a, b) => a - b)
  return (
    <Section title={t('security.lock')} text={passphrase ? t('security.lockWhat') : t('security.lockNeeds')}>
      {passphrase ? (
        <>
          <div className={css['buttons']}>
            <Button onClick={() => void lockNow()}>{t('security.lockNow')}</Button>
          </div>
          <Choice
            label={t('security.lockAfter')}
            value={String(lockAfterMinutes ?? '')}
            choices={[
              { value: '', label: t('security.lockNever') },
              ...choices.map((count) => ({ value: String(count), label: t('security.lockMinutes', { count }) })),
            ]}
            onChange={(value) => set({ lockAfterMinutes: value === '' ? null : Number(value) })}
          />
          <Tick label={t('security.lockSleep')} checked={lockOnSuspend} onChange={(checked) => set({ lockOnSuspend: checked })} />
        </>
      ) : null}
      {problem === null ? null : <ErrorLine text={problem} />}
    </Section>
  )
}
