import { useState } from 'react'
import type { SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Channel } from '../../../shared/domain/models.ts'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import { Button } from '../../components/button.tsx'
import { channelName } from '../../components/channel-name.ts'
import { Dialog } from '../../components/dialog.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine } from '../../components/field.tsx'
import { RadioList } from '../../components/radio-list.tsx'
import css from './channel-dialog.module.css'

/** Longest first; null for ever. */
const choices = [null, 365, 90, 30, 7, 1] as const

interface ChannelSettingsProps {
  channel: Channel
  setKeepDays: (keepDays: number | null) => Promise<CodedError | null>
  onClose: () => void
}

/** Whether one rule keeps less than another. */
const keepsLess = (next: number | null, now: number | null): boolean => (next ?? Infinity) < (now ?? Infinity)

/** How long this device keeps what is said here, and what that does at once. */
export function ChannelSettings({ channel, setKeepDays, onClose }: ChannelSettingsProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const [keepDays, setChosen] = useState(channel.keepDays)
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const deletes = keepsLess(keepDays, channel.keepDays)
  const known = choices.some((choice) => choice === channel.keepDays)
  const all: readonly (number | null)[] = known ? choices : [...choices, channel.keepDays]
  const label = (days: number | null) =>
    days === null ? t('keep.forever') : days === 365 ? t('keep.year') : t('keep.days', { count: days })

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    const error = await setKeepDays(keepDays)
    setBusy(false)
    if (error === null) onClose()
    else setProblem(words(error))
  }
  return (
    <Dialog title={t('keep.title', { channel: channelName(channel) })} onClose={onClose}>
      <form className={css['form']} onSubmit={(event) => void submit(event)}>
        <RadioList
          legend={t('keep.legend')}
          value={String(keepDays ?? '')}
          choices={all.map((days) => ({ value: String(days ?? ''), label: label(days) }))}
          onChange={(value) => setChosen(value === '' ? null : Number(value))}
        />
        <p className={css['text']}>{t('keep.what')}</p>
        {deletes && keepDays !== null ? (
          <p className={css['warning']} role="status">
            {t('keep.atOnce', { count: keepDays })}
          </p>
        ) : null}
        {keepDays !== channel.keepDays && !deletes ? (
          <p className={css['text']} role="status">
            {t('keep.longer')}
          </p>
        ) : null}
        {problem === null ? null : <ErrorLine text={problem} />}
        <div className={css['actions']}>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="submit" tone={deletes ? 'danger' : 'primary'} disabled={busy || keepDays === channel.keepDays}>
            {deletes ? t('keep.saveAndDelete') : t('keep.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
