import { useState } from 'react'
import type { SubmitEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallResult } from '../../shared/ipc/error-codes.ts'
import { limits } from '../../shared/ipc/limits.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { useErrorWords } from './error-words.ts'
import { TextField } from './field.tsx'
import css from './name-dialog.module.css'

interface NameDialogProps<T> {
  title: string
  label: string
  hint?: string
  /** What it is called now; nothing where it is new. */
  initial?: string
  missing: string
  action: string
  submit: (name: string) => Promise<CallResult<T>>
  onDone: (value: T) => void
  onClose: () => void
  children?: ReactNode
}

/** A dialog that asks for one name and makes something of it. What was typed stays when it fails. */
export function NameDialog<T>({
  title,
  label,
  hint,
  initial = '',
  missing,
  action,
  submit,
  onDone,
  onClose,
  children,
}: NameDialogProps<T>) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const [name, setName] = useState(initial)
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  const send = async (event: SubmitEvent) => {
    event.preventDefault()
    const trimmed = name.trim()
    if (busy) return
    if (trimmed === '') return setProblem(missing)
    if (trimmed.length > limits.name) return setProblem(t('profile.nameLong', { count: limits.name }))
    setBusy(true)
    const result = await submit(trimmed)
    setBusy(false)
    if (result.ok) onDone(result.value)
    else setProblem(words(result.error))
  }
  const change = (text: string) => {
    setName(text)
    setProblem(null)
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form className={css['form']} onSubmit={(event) => void send(event)} noValidate>
        <TextField data-autofocus label={label} hint={hint} value={name} onChange={(event) => change(event.target.value)} error={problem} />
        {children}
        <div className={css['actions']}>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="submit" tone="primary" disabled={busy}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
