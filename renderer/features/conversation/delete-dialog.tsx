import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../shared/domain/models.ts'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine } from '../../components/field.tsx'
import { safeName, spokenText } from '../../components/safe-text.ts'
import css from './delete-dialog.module.css'

interface DeleteDialogProps {
  message: Message
  remove: (message: Message) => Promise<CodedError | null>
  onDeleted: (message: Message) => void
  onClose: () => void
}

/** Asks once, in plain words, what will be gone and what will not. */
export function DeleteDialog({ message, remove, onDeleted, onClose }: DeleteDialogProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const confirm = async () => {
    if (busy) return
    setBusy(true)
    const error = await remove(message)
    if (error === null) return onDeleted(message)
    setBusy(false)
    setProblem(words(error))
  }
  return (
    <Dialog title={t('deletion.title')} onClose={onClose}>
      <div className={css['column']}>
        <blockquote className={css['message']} dir="auto">
          <bdi className={css['author']}>{safeName(message.author.name)}</bdi> {spokenText(message.text)}
        </blockquote>
        <p className={css['text']}>{t('deletion.what')}</p>
        <p className={css['text']}>{t('deletion.whatNot')}</p>
        {problem === null ? null : <ErrorLine text={problem} />}
        <div className={css['actions']}>
          <Button data-autofocus onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button tone="danger" disabled={busy} onClick={() => void confirm()}>
            {t('conversation.deleteForMe')}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
