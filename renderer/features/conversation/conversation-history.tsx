import { useCallback, useEffect, useMemo, useState } from 'react'
import type { MessageId } from '../../../shared/domain/ids.ts'
import type { Channel, Member, Message, Space } from '../../../shared/domain/models.ts'
import type { Anchor } from '../../components/use-floating.ts'
import { ChannelStart } from './channel-start.tsx'
import type { Ready } from './conversations.ts'
import { DeleteDialog } from './delete-dialog.tsx'
import { EdgeState } from './edge-state.tsx'
import { MessageActions } from './message-actions.ts'
import { MessageList } from './message-list.tsx'
import type { FocusWish } from './message-list.tsx'
import { MessageMenu } from './message-menu.tsx'
import type { MessagesStore } from './messages-store.ts'
import type { QuotesStore } from './quotes-store.ts'
import { beside, isSameAway, toRows } from './rows.ts'

interface ConversationHistoryProps {
  space: Space
  channel: Channel
  members: readonly Member[]
  conversation: Ready
  messages: MessagesStore
  quotes: QuotesStore
  copyText: (text: string) => Promise<boolean>
  now: () => number
  onInvite: () => void
  onAddPeople: () => void
  /** The keyboard goes on where one writes. */
  onToComposer: () => void
}

type Open = { kind: 'menu'; message: Message; anchor: Anchor } | { kind: 'delete'; message: Message }

export function ConversationHistory({ space, channel, members, conversation, messages, ...rest }: ConversationHistoryProps) {
  const { quotes, copyText, now, onInvite, onAddPeople, onToComposer } = rest
  const { channelId, kind } = channel
  const { history, place, unreadFrom, older, newer } = conversation
  const [open, setOpen] = useState<Open | null>(null)
  // What is told of a space is told anew each time; rows that are as before are not drawn again.
  const [away, setAway] = useState(channel.away)
  if (!isSameAway(away, channel.away)) setAway(channel.away)
  const rows = useMemo(() => toRows(history.messages, unreadFrom, away), [history.messages, unreadFrom, away])
  const actions = useMemo(
    () => ({
      kind,
      quotes,
      onMenu: (message: Message, anchor: Anchor) => setOpen({ kind: 'menu', message, anchor }),
      onGo: (messageId: MessageId) => void messages.jump(channelId, { kind: 'message', messageId }),
    }),
    [kind, quotes, messages, channelId],
  )
  const live = history.newer.kind === 'none'
  const seen = useSeen(messages, channel, live ? history.messages.at(-1) : undefined)
  const watch = useCallback((atEnd: boolean) => messages.watch(channelId, atEnd), [messages, channelId])
  const close = () => setOpen(null)
  // The keyboard was on the message that is gone.
  const [toFocus, setToFocus] = useState<FocusWish | null>(null)
  const deleted = ({ messageId }: Message) => {
    close()
    setToFocus({ messageId: beside(rows, messageId) })
  }
  const loadOlder = () => void messages.loadOlder(channelId)
  const loadNewer = () => void messages.loadNewer(channelId)
  const head =
    history.older.kind === 'none' ? (
      <ChannelStart space={space} channel={channel} alone={space.memberCount < 2} onInvite={onInvite} onAddPeople={onAddPeople} />
    ) : (
      <EdgeState side="older" state={older} onRetry={loadOlder} />
    )
  return (
    <MessageActions value={actions}>
      <MessageList
        rows={rows}
        members={members}
        now={now()}
        head={head}
        foot={live ? null : <EdgeState side="newer" state={newer} onRetry={loadNewer} />}
        live={live}
        place={place}
        toFocus={toFocus}
        onNothingToFocus={onToComposer}
        arrived={conversation.arrived}
        hasOlder={history.older.kind !== 'none' && older === 'idle'}
        onOlder={loadOlder}
        hasNewer={!live && newer === 'idle'}
        onNewer={loadNewer}
        onToNewest={() => void messages.toNewest(channelId)}
        onAtEnd={seen}
        onSeen={seen}
        onWatch={watch}
        onRest={() => messages.settle(channelId)}
      />
      {open?.kind === 'menu' ? (
        <MessageMenu
          message={open.message}
          anchor={open.anchor}
          copyText={copyText}
          onDelete={() => setOpen({ kind: 'delete', message: open.message })}
          onClose={close}
        />
      ) : null}
      {open?.kind === 'delete' ? (
        <DeleteDialog message={open.message} remove={messages.deleteForMe} onDeleted={deleted} onClose={close} />
      ) : null}
    </MessageActions>
  )
}

/** Tells the node what was seen, while the window has the person's attention. */
function useSeen(messages: MessagesStore, { channelId }: Channel, newest: Message | undefined): (message: Message) => void {
  const see = useCallback(
    (message: Message) => {
      if (document.hasFocus()) void messages.markRead(channelId, message.seq)
    },
    [messages, channelId],
  )
  // Coming back to the window is seeing what stands at its end.
  useEffect(() => {
    const back = () => {
      if (newest !== undefined && messages.isWatched(channelId)) void messages.markRead(channelId, newest.seq)
    }
    window.addEventListener('focus', back)
    return () => window.removeEventListener('focus', back)
  }, [messages, channelId, newest])
  return see
}
