import { useState } from 'react'
import type { SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import { Button } from '../../components/button.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine } from '../../components/field.tsx'
import { PassphraseField } from '../../components/passphrase-field.tsx'
import css from './settings.module.css'

interface CurrentPassphraseProps {
  /** False where no passphrase opens the profile: then only the word is asked for. */
  has: boolean
  /** What will become of it. */
  what?: string
  action: string
  danger?: boolean
  submit: (current: string | null) => Promise<CodedError | null>
  onDone: () => void
  onCancel: () => void
}

/** Asks for the passphrase before something that only its owner may do. */
export function CurrentPassphrase({ has, what, action, danger = false, submit, onDone, onCancel }: CurrentPassphraseProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const [current, setCurrent] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const send = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy) return
    if (has && current === '') return setProblem(t('security.currentMissing'))
    setBusy(true)
    const error = await submit(has ? current : null)
    setBusy(false)
    if (error === null) onDone()
    else setProblem(words(error))
  }
  const change = (text: string) => {
    setCurrent(text)
    setProblem(null)
  }
  return (
    <form className={css['form']} onSubmit={(event) => void send(event)} noValidate>
      {what === undefined ? null : <p className={css['text']}>{what}</p>}
      {has ? (
        <PassphraseField
          autoFocus
          label={t('security.current')}
          value={current}
          onChange={(event) => change(event.target.value)}
          error={problem}
        />
      ) : null}
      {!has && problem !== null ? <ErrorLine text={problem} /> : null}
      <div className={css['buttons']}>
        <Button type="submit" tone={danger ? 'danger' : 'primary'} disabled={busy} autoFocus={!has}>
          {action}
        </Button>
        <Button onClick={onCancel}>{t('app.cancel')}</Button>
      </div>
    </form>
  )
}
