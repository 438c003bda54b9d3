import { useCallback, useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Channel, Member, Message, Space } from '../../../shared/domain/models.ts'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { safeName } from '../../components/safe-text.ts'
import { MessageList } from './message-list.tsx'
import type { Conversation, MessagesStore } from './messages-store.ts'
import { toRows } from './rows.ts'
import css from './message-list.module.css'

type Ready = Extract<Conversation, { kind: 'ready' }>

interface ConversationHistoryProps {
  space: Space
  channel: Channel
  members: readonly Member[]
  conversation: Ready
  messages: MessagesStore
  now: () => number
  onInvite: () => void
}

export function ConversationHistory({ space, channel, members, conversation, messages, now, onInvite }: ConversationHistoryProps) {
  const { channelId } = channel
  const { history, older, unreadFrom } = conversation
  const rows = useMemo(() => toRows(history.messages, unreadFrom), [history.messages, unreadFrom])
  const newest = history.messages.at(-1)

  const see = useCallback(
    (message: Message) => {
      if (document.hasFocus()) void messages.markRead(channelId, message.seq)
    },
    [messages, channelId],
  )
  const unseen = useCallback((message: Message) => messages.markUnreadFrom(channelId, message.messageId), [messages, channelId])

  // Coming back to the window is seeing what stands at its end.
  useEffect(() => {
    const back = () => {
      if (newest !== undefined) void messages.markRead(channelId, newest.seq)
    }
    window.addEventListener('focus', back)
    return () => window.removeEventListener('focus', back)
  }, [messages, channelId, newest])

  const loadOlder = () => void messages.loadOlder(channelId)
  const head =
    history.nextCursor === null ? (
      <ChannelStart space={space} channel={channel} alone={space.memberCount < 2} onInvite={onInvite} />
    ) : (
      <OlderState state={older} onRetry={loadOlder} />
    )
  return (
    <MessageList
      rows={rows}
      members={members}
      now={now()}
      head={head}
      hasOlder={history.nextCursor !== null && older === 'idle'}
      onOlder={loadOlder}
      onAtEnd={see}
      onUnseen={unseen}
    />
  )
}

function OlderState({ state, onRetry }: { state: Ready['older']; onRetry: () => void }) {
  const { t } = useTranslation()
  if (state === 'failed') return <Notice text={t('conversation.olderFailed')} action={t('app.tryAgain')} onAction={onRetry} />
  return <p className={css['older']}>{state === 'loading' ? t('conversation.loadingOlder') : '\u00a0'}</p>
}

interface ChannelStartProps {
  space: Space
  channel: Channel
  alone: boolean
  onInvite: () => void
}

function ChannelStart({ space, channel, alone, onInvite }: ChannelStartProps) {
  const { t } = useTranslation()
  return (
    <div className={css['start']}>
      <h2 className={css['startTitle']} dir="auto">
        {t('conversation.startTitle', { channel: safeName(channel.name) })}
      </h2>
      <p className={css['startText']} dir="auto">
        {alone ? t('conversation.startAlone') : t('conversation.startTogether', { space: safeName(space.name) })}
      </p>
      {alone && space.may.invite ? (
        <Button tone="primary" onClick={onInvite}>
          {t('conversation.startInvite')}
        </Button>
      ) : null}
    </div>
  )
}
