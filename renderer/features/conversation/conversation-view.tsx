import { Hash } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Channel, Member, Space } from '../../../shared/domain/models.ts'
import { Notice } from '../../components/notice.tsx'
import { safeName } from '../../components/safe-text.ts'
import { Composer } from './composer.tsx'
import { ConversationHistory } from './conversation-history.tsx'
import { ListSkeleton } from './list-skeleton.tsx'
import type { DraftsStore } from './drafts-store.ts'
import type { MessagesStore } from './messages-store.ts'
import css from './conversation.module.css'

interface ConversationViewProps {
  space: Space
  channel: Channel
  members: readonly Member[]
  messages: MessagesStore
  drafts: DraftsStore
  now: () => number
  onInvite: () => void
  /** At the start and end of the header. */
  lead: ReactNode
  tools: ReactNode
}

export function ConversationView({ space, channel, members, messages, drafts, now, onInvite, lead, tools }: ConversationViewProps) {
  const { t } = useTranslation()
  const conversation = useStore(messages.store, (state) => state.conversations[channel.channelId]) ?? { kind: 'loading' }
  return (
    <main className={css['panel']} aria-label={safeName(channel.name)}>
      <header className={css['header']}>
        {lead}
        <Hash className={css['hash']} size={20} strokeWidth={1.75} aria-hidden />
        <h1 className={css['title']} dir="auto" title={safeName(channel.name)}>
          {safeName(channel.name)}
        </h1>
        <div className={css['tools']}>{tools}</div>
      </header>
      {space.split ? (
        <p className={css['warning']} role="alert">
          {t('spaces.splitLong')}
        </p>
      ) : null}
      {conversation.kind === 'loading' ? <ListSkeleton /> : null}
      {conversation.kind === 'failed' ? (
        <div className={css['panel']}>
          <Notice
            text={t('conversation.loadFailed')}
            action={t('app.tryAgain')}
            onAction={() => void messages.open(channel.channelId, channel.unread)}
          />
        </div>
      ) : null}
      {conversation.kind === 'ready' ? (
        <ConversationHistory
          key={channel.channelId}
          space={space}
          channel={channel}
          members={members}
          conversation={conversation}
          messages={messages}
          now={now}
          onInvite={onInvite}
        />
      ) : null}
      <Composer channel={channel} drafts={drafts} maySend={space.may.send} />
    </main>
  )
}
