import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Channel, Space } from '../../../shared/domain/models.ts'
import { Button } from '../../components/button.tsx'
import { channelIcons, channelName } from '../../components/channel-name.ts'
import { safeName } from '../../components/safe-text.ts'
import type { DraftsStore } from './drafts-store.ts'
import { KeptDraft } from './kept-draft.tsx'
import css from './conversation.module.css'

interface GoneChannelProps {
  space: Space
  /** As it was. */
  channel: Channel
  drafts: DraftsStore
  copyText: (text: string) => Promise<boolean>
  /** Where one may go from here; null where there is no other channel. */
  onward: Channel | null
  onGo: (channel: Channel) => void
  lead: ReactNode
}

/**
 * In the place of a channel that was open and is there no more. Nobody is taken elsewhere by it, and the keyboard is nowhere:
 * what somebody goes on typing must not be said to others.
 */
export function GoneChannel({ space, channel, drafts, copyText, onward, onGo, lead }: GoneChannelProps) {
  const { t } = useTranslation()
  const ref = useRef<HTMLElement>(null)
  const name = safeName(channel.name)
  const Icon = channelIcons[channel.kind]
  useEffect(() => ref.current?.focus(), [])
  return (
    <main ref={ref} className={css['panel']} aria-label={name} tabIndex={-1}>
      <header className={css['header']}>
        {lead}
        <Icon className={css['hash']} size={20} strokeWidth={1.75} aria-hidden />
        <h1 className={css['title']} dir="auto">
          {name}
        </h1>
      </header>
      <div className={css['gone']}>
        <p role="alert">
          {t(channel.kind === 'open' ? 'gone.open' : 'gone.private', { channel: channelName(channel), space: safeName(space.name) })}
        </p>
        <KeptDraft channelId={channel.channelId} drafts={drafts} copyText={copyText} />
        {onward === null ? null : <Button onClick={() => onGo(onward)}>{t('gone.go', { channel: channelName(onward) })}</Button>}
      </div>
    </main>
  )
}
