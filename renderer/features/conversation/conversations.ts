import { createStore } from 'zustand/vanilla'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import type { ChannelId, MessageId } from '../../../shared/domain/ids.ts'
import type { History } from './history.ts'
import type { Place } from './landing.ts'

/** So many channels stay loaded; the one looked at longest ago is let go of. */
const CHANNELS = 8

export type Edge = 'idle' | 'loading' | 'failed'

export interface Ready {
  kind: 'ready'
  history: History
  /** A new number whenever the loaded run was put in the place of another. */
  run: number
  /** Where the list is to stand: a new object for every wish to go somewhere. */
  place: Place
  older: Edge
  newer: Edge
  unreadFrom: MessageId | null
  /** Messages of others that came since the end was last in view. */
  arrived: number
  /** Why the last wish to go somewhere could not be met. */
  problem: CodedError | null
}

export type Conversation = { kind: 'loading' } | { kind: 'failed'; error: CodedError } | Ready

export interface MessagesState {
  conversations: Readonly<Record<ChannelId, Conversation>>
}

/** What is loaded of each channel that was looked at lately. */
export function createConversations() {
  const store = createStore<MessagesState>(() => ({ conversations: {} }))
  const visited: ChannelId[] = []
  const get = (channelId: ChannelId): Conversation | undefined => store.getState().conversations[channelId]
  const ready = (channelId: ChannelId): Ready | null => {
    const known = get(channelId)
    return known?.kind === 'ready' ? known : null
  }
  const put = (channelId: ChannelId, conversation: Conversation) =>
    store.setState((state) => ({ conversations: { ...state.conversations, [channelId]: conversation } }))
  return {
    store,
    get,
    ready,
    put,
    /** Changes what is ready, and nothing that is not. */
    change: (channelId: ChannelId, part: (now: Ready) => Partial<Ready>) => {
      const now = ready(channelId)
      if (now !== null) put(channelId, { ...now, ...part(now) })
    },
    visit: (channelId: ChannelId) => {
      visited.splice(0, visited.length, channelId, ...visited.filter((known) => known !== channelId))
      const gone = new Set<string>(visited.splice(CHANNELS))
      if (gone.size === 0) return
      const kept = Object.entries(store.getState().conversations).filter(([known]) => !gone.has(known))
      store.setState({ conversations: Object.fromEntries(kept) })
    },
    /** Lets go of all but these: what a channel had was deleted with it. */
    keepOnly: (there: ReadonlySet<string>) => {
      const known = Object.entries(store.getState().conversations)
      const kept = known.filter(([channelId]) => there.has(channelId))
      if (kept.length < known.length) store.setState({ conversations: Object.fromEntries(kept) })
      visited.splice(0, visited.length, ...visited.filter((channelId) => there.has(channelId)))
    },
  }
}

export type Conversations = ReturnType<typeof createConversations>
