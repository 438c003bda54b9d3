import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CodedError } from '../../shared/ipc/error-codes.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { useErrorWords } from './error-words.ts'
import { ErrorLine } from './field.tsx'
import css from './confirm-dialog.module.css'

interface ConfirmDialogProps {
  title: string
  /** What will happen, a sentence or two each. */
  what: readonly string[]
  action: string
  /** What leaves everything as it is, where “Cancel” would not say so. */
  back?: string
  run: () => Promise<CodedError | null>
  onClose: () => void
}

/** Asks once, in plain words, before something is done that cannot be taken back. The keyboard is on the way out. */
export function ConfirmDialog({ title, what, action, back, run, onClose }: ConfirmDialogProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const confirm = async () => {
    if (busy) return
    setBusy(true)
    const error = await run()
    if (error === null) return onClose()
    setBusy(false)
    setProblem(words(error))
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <div className={css['column']}>
        {what.map((text) => (
          <p key={text} className={css['text']}>
            {text}
          </p>
        ))}
        {problem === null ? null : <ErrorLine text={problem} />}
        <div className={css['actions']}>
          <Button data-autofocus onClick={onClose}>
            {back ?? t('app.cancel')}
          </Button>
          <Button tone="danger" disabled={busy} onClick={() => void confirm()}>
            {action}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
