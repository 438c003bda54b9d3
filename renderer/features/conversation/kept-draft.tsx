import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { ChannelId } from '../../../shared/domain/ids.ts'
import { Button } from '../../components/button.tsx'
import { draftOf } from './drafts-store.ts'
import type { DraftsStore } from './drafts-store.ts'
import css from './kept-draft.module.css'

interface KeptDraftProps {
  channelId: ChannelId
  drafts: DraftsStore
  copyText: (text: string) => Promise<boolean>
}

/** Where nothing can be written any more: what was being written, to be taken elsewhere. */
export function KeptDraft({ channelId, drafts, copyText }: KeptDraftProps) {
  const { t } = useTranslation()
  const { text } = useStore(drafts.store, (state) => draftOf(state, channelId))
  const [copied, setCopied] = useState<boolean | null>(null)
  if (text.trim() === '') return null
  return (
    <div className={css['kept']}>
      <p className={css['label']}>{t('gone.draft')}</p>
      <textarea className={css['text']} readOnly rows={2} dir="auto" aria-label={t('gone.draft')} value={text} />
      <div className={css['actions']}>
        <Button onClick={() => void copyText(text).then(setCopied)}>{t('conversation.copyText')}</Button>
        <Button tone="quiet" onClick={() => drafts.write(channelId, '')}>
          {t('gone.discard')}
        </Button>
        <span role="status" className={css['label']}>
          {copied === null ? '' : t(copied ? 'app.copied' : 'app.copyFailed')}
        </span>
      </div>
    </div>
  )
}
