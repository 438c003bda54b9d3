import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import type { ChannelId, MessageId } from '../../../shared/domain/ids.ts'
import type { Channel, Landing, Message, Space } from '../../../shared/domain/models.ts'
import type { Client } from '../../bridge/client.ts'
import { createConversations } from './conversations.ts'
import type { Conversations, Ready } from './conversations.ts'
import { closeEnd, firstUnread, mergeChange, mergeEvent, trim, without } from './history.ts'
import { createHistoryLoader, MOST, PAGE } from './history-loader.ts'
import type { Defer, Wish } from './history-loader.ts'
import { landingIn } from './landing.ts'

const END: Wish = { kind: 'newest' }
const afterDrawing: Defer = (work) => void setTimeout(work, 0)

/** The loaded part of every channel that was opened, kept in step with the node's events. */
export function createMessagesStore(client: Client, defer: Defer = afterDrawing) {
  const conversations = createConversations()
  const { store, ready, get, put, change, visit } = conversations
  const loader = createHistoryLoader(client, conversations, defer)
  const { load, extend } = loader
  const marked = new Map<ChannelId, number>()
  /** The channel whose end is in view. */
  let watched: ChannelId | null = null
  /** The channel that is about to be cut to what may be loaded of it. */
  let trimming: ChannelId | null = null

  /** Once for all that come at once: each time is a task of its own in which everything is drawn. */
  const trimSoon = (channelId: ChannelId) => {
    if (trimming === channelId) return
    trimming = channelId
    defer(() => {
      if (trimming === channelId) trimming = null
      if (watched === channelId) change(channelId, ({ history }) => ({ history: trim(history, 'newer', MOST) }))
    })
  }
  const added = (message: Message) => {
    const { channelId } = message
    loader.remember(message)
    change(channelId, (now) => withArrival(now, message, watched === channelId))
    if (watched === channelId && (ready(channelId)?.history.messages.length ?? 0) > MOST + PAGE) trimSoon(channelId)
  }
  const changed = (message: Message) => {
    loader.remember(message)
    const now = ready(message.channelId)
    if (now === null) return
    const history = mergeChange(now.history, message)
    if (history !== now.history) put(message.channelId, { ...now, history })
  }
  const removed = (channelId: ChannelId, messageIds: readonly MessageId[] | null) => {
    const { history } = ready(channelId) ?? {}
    if (history === undefined) return
    if (messageIds === null) {
      const middle = history.messages[Math.floor(history.messages.length / 2)]
      return void load(channelId, watched === channelId || middle === undefined ? END : { kind: 'date', at: middle.sentAt })
    }
    remove(conversations, channelId, new Set(messageIds))
    const left = ready(channelId)?.history
    if (left?.messages.length === 0 && (left.older.kind !== 'none' || left.newer.kind !== 'none')) void load(channelId, END)
  }
  /** The same channel may be there again, after joining anew, and have none of it. */
  const gone = (spaces: readonly Space[]) => {
    const there = new Set<ChannelId>(spaces.flatMap(({ channels }) => channels.map(({ channelId }) => channelId)))
    conversations.keepOnly(there)
    for (const channelId of marked.keys()) if (!there.has(channelId)) marked.delete(channelId)
  }
  const toNewest = async (channelId: ChannelId): Promise<void> => {
    if (ready(channelId)?.history.newer.kind === 'none') change(channelId, () => ({ place: { kind: 'end' }, arrived: 0 }))
    else await load(channelId, END)
  }

  return {
    store,
    start: () => {
      const stops = [
        client.on('message.added', added),
        client.on('message.changed', changed),
        client.on('spaces.changed', gone),
        client.on('messages.removed', ({ channelId, messageIds }) => removed(channelId, messageIds)),
      ]
      return () => {
        for (const stop of stops) stop()
      }
    },
    /** Makes a channel ready to draw: at its first unread message, else at its end. */
    open: async ({ channelId, unread, readSeq }: Channel): Promise<void> => {
      visit(channelId)
      if (get(channelId)?.kind === 'loading') return
      const reopened = reopen(ready(channelId), unread, readSeq)
      if (reopened === null) await (unread > 0 ? load(channelId, { kind: 'unread' }, readSeq) : load(channelId, END))
      else put(channelId, reopened)
    },
    /** Goes to a message or a day, wherever in the history it is; to the end, with a word, when it is not there any more. */
    jump: async (channelId: ChannelId, landing: Landing): Promise<void> => {
      visit(channelId)
      const loaded = ready(channelId)?.history.messages ?? []
      if (landing.kind === 'message' && loaded.some(({ messageId }) => messageId === landing.messageId)) {
        return change(channelId, () => ({ place: { kind: 'message', messageId: landing.messageId }, problem: null }))
      }
      await load(channelId, landing)
      const failed = get(channelId)
      if (failed?.kind === 'failed' && (await load(channelId, END))) change(channelId, () => ({ problem: failed.error }))
    },
    toNewest,
    loadOlder: (channelId: ChannelId) => extend(channelId, 'older'),
    loadNewer: (channelId: ChannelId) => extend(channelId, 'newer'),
    /** Scrolling has come to rest. While it goes on nothing is taken from the list: that would be seen. */
    settle: loader.settle,
    /** Whether the end of a channel, where new messages appear, is in view. */
    watch: (channelId: ChannelId, atEnd: boolean) => {
      if (atEnd) {
        watched = channelId
        if ((ready(channelId)?.arrived ?? 0) > 0) change(channelId, () => ({ arrived: 0 }))
      } else if (watched === channelId) watched = null
    },
    isWatched: (channelId: ChannelId): boolean => watched === channelId,
    dismissProblem: (channelId: ChannelId) => change(channelId, () => ({ problem: null })),
    /** Tells the node once for every newest message seen; again if the node did not take it. */
    markRead: async (channelId: ChannelId, seq: number): Promise<void> => {
      if ((marked.get(channelId) ?? -1) >= seq) return
      marked.set(channelId, seq)
      const result = await client.call('messages.markRead', { channelId, seq })
      if (!result.ok && marked.get(channelId) === seq) marked.delete(channelId)
    },
    /** What is gone already is what was asked for. */
    deleteForMe: async ({ channelId, messageId }: Message): Promise<CodedError | null> => {
      const result = await client.call('messages.deleteForMe', { messageId })
      if (!result.ok && result.error.code !== 'not-found') return result.error
      removed(channelId, [messageId])
      return null
    },
    /** Null once the message is safe on this device, else why it is not. The reader is taken to it. */
    send: async (channelId: ChannelId, text: string): Promise<CodedError | null> => {
      const result = await client.call('messages.send', { channelId, text })
      if (!result.ok) return result.error
      added(result.value)
      if (ready(channelId) !== null) void toNewest(channelId)
      return null
    },
  }
}

export type MessagesStore = ReturnType<typeof createMessagesStore>

/** A message that is new: drawn if the end is loaded, counted if nobody sees it. */
function withArrival(now: Ready, message: Message, watched: boolean): Partial<Ready> {
  const history = mergeEvent(now.history, message)
  if (watched || message.author.self) return { history }
  const isNew = history.messages.length > now.history.messages.length || now.history.newer.kind !== 'none'
  if (!isNew) return { history }
  // Nobody looks at the end: it does not grow without bound.
  const full = history.newer.kind === 'none' && history.messages.length >= 2 * MOST
  return {
    history: full ? closeEnd(history) : history,
    arrived: now.arrived + 1,
    unreadFrom: now.unreadFrom ?? message.messageId,
  }
}

function remove({ change }: Conversations, channelId: ChannelId, gone: ReadonlySet<MessageId>): void {
  change(channelId, ({ history, unreadFrom }) => ({
    history: without(history, gone),
    unreadFrom: unreadFrom !== null && gone.has(unreadFrom) ? null : unreadFrom,
  }))
}

/** What is loaded, as it is to be drawn when its channel is opened again; null when it must be read anew. */
function reopen(now: Ready | null, unread: number, readSeq: number): Ready | null {
  if (now === null || now.history.newer.kind !== 'none') return null
  const { messages, older } = now.history
  const unreadFrom = unread > 0 ? firstUnread(messages, readSeq) : null
  const reachesBack = older.kind === 'none' || (unreadFrom !== null && unreadFrom !== messages[0]?.messageId)
  if (unread > 0 && !reachesBack) return null
  const wish: Wish = unread > 0 ? { kind: 'unread' } : END
  return { ...now, unreadFrom, arrived: 0, problem: null, place: landingIn(messages, wish, unreadFrom) }
}
