import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Channel, Space } from '../../../shared/domain/models.ts'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import { Button } from '../../components/button.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine } from '../../components/field.tsx'
import css from './conversation.module.css'

interface AstrayProps {
  /** Of the words, by which the composer says why nothing is sent. */
  id: string
  space: Space
  channel: Channel
  /** Comes back to the space by another invitation. */
  onJoin: () => void
  /** Takes this device's place back. */
  onGoOn: () => Promise<CodedError | null>
}

/** Why this device has to be let in again, and what a person can do about it. */
export function Astray({ id, space, channel, onJoin, onGoOn }: AstrayProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const [problem, setProblem] = useState<string | null>(null)
  const isOpen = channel.kind === 'open'
  const { takenOver } = isOpen ? space : channel
  const { uninvited } = space
  const goOn = async () => {
    const error = await onGoOn()
    setProblem(error && words(error))
  }
  const waits = isOpen ? t(uninvited === null ? 'spaces.astrayLong' : `spaces.uninvited.${uninvited}`) : t('private.astray')
  return (
    <div className={css['warning']}>
      <p id={id} role="alert">
        {takenOver ? t('spaces.takenOver') : waits}
      </p>
      {takenOver ? (
        <Button onClick={() => void goOn()}>{t('spaces.goOnHere')}</Button>
      ) : isOpen && uninvited !== null ? (
        <Button onClick={onJoin}>{t('spaces.useInvitation')}</Button>
      ) : null}
      {problem === null ? null : <ErrorLine text={problem} />}
    </div>
  )
}
