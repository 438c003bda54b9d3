import { useEffect, useState } from 'react'
import type { ClipboardEvent, SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { ResultOf } from '../../../shared/ipc/contract.ts'
import type { CallResult } from '../../../shared/ipc/error-codes.ts'
import type { JoinId } from '../../../shared/domain/ids.ts'
import { limits } from '../../../shared/ipc/limits.ts'
import { Button } from '../../components/button.tsx'
import { TextField } from '../../components/field.tsx'
import { safeName } from '../../components/safe-text.ts'
import { Tile } from '../../components/tile.tsx'
import { dateAndTime } from '../../i18n/format.ts'
import type { JoinsStore } from './joins-store.ts'
import { useRefusalWords } from './refusal-words.ts'
import css from './joins.module.css'

type LinkRead = ResultOf<'invitations.read'>
type Preview = CallResult<LinkRead>

interface JoinFormProps {
  store: JoinsStore
  link: string
  onStarted: (joinId: JoinId) => void
  onClose: () => void
}

/** Waits for a pause in typing, in milliseconds, before a link is read. */
const PAUSE = 200

/** Reads what a link says while it stands in the field; acts only when asked to. */
export function JoinForm({ store, link: given, onStarted, onClose }: JoinFormProps) {
  const { t } = useTranslation()
  const words = useRefusalWords()
  const [link, setLink] = useState(given)
  const [read, setRead] = useState<{ link: string; preview: Preview } | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const trimmed = link.trim()

  useEffect(() => {
    if (trimmed === '' || trimmed.length > limits.pastedLink) return
    let wanted = true
    const timer = setTimeout(() => {
      void store.read(trimmed).then((preview) => {
        if (wanted) setRead({ link: trimmed, preview })
      })
    }, PAUSE)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [store, trimmed])

  const preview = read?.link === trimmed ? read.preview : null
  const shown = problem ?? (preview?.ok === false ? words(preview.error) : null)

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy) return
    if (trimmed === '') return setProblem(t('joins.linkMissing'))
    if (trimmed.length > limits.pastedLink) return setProblem(t('joins.linkLong'))
    setBusy(true)
    const result = await store.begin(trimmed)
    setBusy(false)
    if (result.ok) onStarted(result.value.joinId)
    else setProblem(words(result.error))
  }
  const change = (text: string) => {
    setLink(text)
    setProblem(null)
  }
  return (
    <form className={css['column']} onSubmit={(event) => void submit(event)} noValidate>
      <p className={css['lead']}>{given === '' ? t('joins.lead') : t('joins.fromOutside')}</p>
      <TextField
        data-autofocus
        className={css['link']}
        label={t('joins.link')}
        placeholder={t('joins.placeholder')}
        dir="ltr"
        value={link}
        onChange={(event) => change(event.target.value)}
        onPaste={(event) => pasteLines(event, change)}
        error={shown}
      />
      {preview?.ok === true && problem === null ? <LinkPreview {...preview.value} /> : null}
      <div className={css['actions']}>
        <Button onClick={onClose}>{t('app.cancel')}</Button>
        <Button type="submit" tone="primary" disabled={busy}>
          {busy ? t('joins.starting') : t('joins.join')}
        </Button>
      </div>
    </form>
  )
}

/** A field of one line would join the lines of what is pasted, and with them a link and the word after it. */
function pasteLines(event: ClipboardEvent<HTMLInputElement>, change: (text: string) => void): void {
  const pasted = event.clipboardData.getData('text/plain')
  if (!/[\r\n]/.test(pasted)) return
  event.preventDefault()
  const { value, selectionStart, selectionEnd } = event.currentTarget
  const [from, to] = [selectionStart ?? value.length, selectionEnd ?? value.length]
  change(value.slice(0, from) + pasted.replaceAll(/[\r\n]+/g, ' ') + value.slice(to))
}

function LinkPreview({ spaceId, spaceName, expiresAt }: LinkRead) {
  const { t, i18n } = useTranslation()
  return (
    <div className={css['preview']} role="status">
      <Tile id={spaceId} name={spaceName} />
      <div>
        <div className={css['previewDetail']}>{t('joins.preview')}</div>
        <div className={css['previewName']} dir="auto">
          {safeName(spaceName)}
        </div>
        <div className={css['previewDetail']}>
          {t('joins.validUntil', { time: dateAndTime(i18n.language, expiresAt) })}. {t('joins.unverified')}
        </div>
      </div>
    </div>
  )
}
