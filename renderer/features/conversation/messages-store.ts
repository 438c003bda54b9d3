import { createStore } from 'zustand/vanilla'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import type { ChannelId, MessageId } from '../../../shared/domain/ids.ts'
import type { Message } from '../../../shared/domain/models.ts'
import type { Client } from '../../bridge/client.ts'
import { firstUnread, merge, mergeEvent, mergePage } from './history.ts'
import type { History } from './history.ts'

/** One page of history: enough to fill a tall window. */
const PAGE = 60

export type Conversation =
  | { kind: 'loading' }
  | { kind: 'failed'; error: CodedError }
  | { kind: 'ready'; history: History; older: 'idle' | 'loading' | 'failed'; unreadFrom: MessageId | null }

export interface MessagesState {
  conversations: Readonly<Record<ChannelId, Conversation>>
}

/** The loaded part of every channel that was opened, kept in step with the node's events. */
export function createMessagesStore(client: Client) {
  const store = createStore<MessagesState>(() => ({ conversations: {} }))
  /** Told of while the first page was under way: they go on top of it. */
  const early = new Map<ChannelId, Message[]>()
  const marked = new Map<ChannelId, number>()
  const get = (channelId: ChannelId) => store.getState().conversations[channelId]
  const put = (channelId: ChannelId, conversation: Conversation) =>
    store.setState((state) => ({ conversations: { ...state.conversations, [channelId]: conversation } }))

  const receive = (message: Message) => {
    const conversation = get(message.channelId)
    if (conversation?.kind === 'loading') early.set(message.channelId, [...(early.get(message.channelId) ?? []), message])
    if (conversation?.kind !== 'ready') return
    const history = mergeEvent(conversation.history, message)
    if (history !== conversation.history) put(message.channelId, { ...conversation, history })
  }

  const load = async (channelId: ChannelId, unread: number) => {
    put(channelId, { kind: 'loading' })
    const result = await client.call('messages.page', { channelId, limit: PAGE })
    const waiting = early.get(channelId) ?? []
    early.delete(channelId)
    if (!result.ok) return put(channelId, { kind: 'failed', error: result.error })
    const page = mergePage({ messages: [], nextCursor: null }, result.value)
    put(channelId, { kind: 'ready', history: merge(page, waiting), older: 'idle', unreadFrom: firstUnread(page.messages, unread) })
  }

  return {
    store,
    start: () => {
      const stopAdded = client.on('message.added', receive)
      const stopChanged = client.on('message.changed', receive)
      return () => {
        stopAdded()
        stopChanged()
      }
    },
    /** Makes a channel ready to draw; `unread` is how many messages from others were not seen. */
    open: async (channelId: ChannelId, unread: number): Promise<void> => {
      const conversation = get(channelId)
      if (conversation?.kind === 'loading') return
      if (conversation?.kind !== 'ready') return load(channelId, unread)
      put(channelId, { ...conversation, unreadFrom: firstUnread(conversation.history.messages, unread) })
    },
    loadOlder: async (channelId: ChannelId): Promise<void> => {
      const before = get(channelId)
      if (before?.kind !== 'ready' || before.older === 'loading' || before.history.nextCursor === null) return
      put(channelId, { ...before, older: 'loading' })
      const result = await client.call('messages.page', { channelId, limit: PAGE, before: before.history.nextCursor })
      const now = get(channelId)
      if (now?.kind !== 'ready') return
      if (result.ok) put(channelId, { ...now, history: mergePage(now.history, result.value), older: 'idle' })
      else put(channelId, { ...now, older: 'failed' })
    },
    /** Draws the line above the first message that arrived unseen; an existing line stays. */
    markUnreadFrom: (channelId: ChannelId, messageId: MessageId | null) => {
      const conversation = get(channelId)
      if (conversation?.kind !== 'ready' || (messageId !== null && conversation.unreadFrom !== null)) return
      if (conversation.unreadFrom !== messageId) put(channelId, { ...conversation, unreadFrom: messageId })
    },
    /** Tells the node once for every newest message seen; again if the node did not take it. */
    markRead: async (channelId: ChannelId, seq: number): Promise<void> => {
      if ((marked.get(channelId) ?? -1) >= seq) return
      marked.set(channelId, seq)
      const result = await client.call('messages.markRead', { channelId, seq })
      if (!result.ok && marked.get(channelId) === seq) marked.delete(channelId)
    },
    /** Null once the message is safe on this device, else why it is not. */
    send: async (channelId: ChannelId, text: string): Promise<CodedError | null> => {
      const result = await client.call('messages.send', { channelId, text })
      if (!result.ok) return result.error
      receive(result.value)
      return null
    },
  }
}

export type MessagesStore = ReturnType<typeof createMessagesStore>
