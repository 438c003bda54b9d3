import { createStore } from 'zustand/vanilla'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import type { Channel, SearchHit, Space } from '../../../shared/domain/models.ts'
import type { Client } from '../../bridge/client.ts'

export type Scope = 'channel' | 'space' | 'everywhere'
export type Order = 'newest' | 'relevance'

/** Where somebody was when they typed. */
export interface SearchPlace {
  space: Pick<Space, 'spaceId' | 'name'>
  channel: Pick<Channel, 'channelId' | 'name' | 'kind'>
}

/** What became of the words typed: `more` while the next page is read. */
export type Results =
  | { kind: 'none' }
  | { kind: 'searching' }
  | { kind: 'failed'; error: CodedError }
  | { kind: 'found'; text: string; hits: readonly SearchHit[]; nextCursor: string | null; more: 'idle' | 'loading' | 'failed' }

export interface SearchState {
  open: boolean
  text: string
  scope: Scope
  order: Order
  place: SearchPlace | null
  /** Of the latest search that was answered: it stays until the next one is. */
  results: Results
  /** The hit that Enter goes to; -1 before one was chosen. */
  active: number
  /** Grows with every wish to have the keyboard in the search box. */
  asked: number
}

/** Typing rests so long, in milliseconds, before the node is asked. */
const REST_MS = 120
const PAGE = 30

const empty: SearchState = {
  open: false,
  text: '',
  scope: 'space',
  order: 'newest',
  place: null,
  results: { kind: 'none' },
  active: -1,
  asked: 0,
}

/** Search through messages: what was typed, where to look, what was found. */
export function createSearchStore(client: Client) {
  const store = createStore<SearchState>(() => empty)
  const { getState: get, setState: set } = store
  /** The latest question: answers to those before it are dropped. */
  let question = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const ask = (before: string | null) => {
    const { text, scope, order, place } = get()
    return client.call('messages.search', {
      text: text.trim(),
      spaceId: scope === 'space' ? (place?.space.spaceId ?? null) : null,
      channelId: scope === 'channel' ? (place?.channel.channelId ?? null) : null,
      order,
      limit: PAGE,
      before,
    })
  }
  const run = async (): Promise<void> => {
    question += 1
    const mine = question
    clearTimeout(timer)
    if (get().text.trim() === '') return set({ results: { kind: 'none' }, active: -1 })
    if (get().results.kind !== 'found') set({ results: { kind: 'searching' } })
    const text = get().text.trim()
    const result = await ask(null)
    if (mine !== question) return
    if (!result.ok) return set({ results: { kind: 'failed', error: result.error }, active: -1 })
    set({ results: { kind: 'found', text, ...result.value, more: 'idle' }, active: -1 })
  }
  const close = () => {
    question += 1
    clearTimeout(timer)
    set((state) => ({ ...empty, scope: state.scope, order: state.order, asked: state.asked }))
  }

  return {
    store,
    start: () => {
      const stop = client.on('messages.removed', ({ channelId, messageIds }) => {
        const { results } = get()
        if (results.kind !== 'found') return
        const hits = results.hits.filter(({ message }) =>
          messageIds === null ? message.channelId !== channelId : !messageIds.includes(message.messageId),
        )
        if (hits.length === results.hits.length) return
        set({ results: { ...results, hits }, active: -1 })
        // Too many to name: some of the channel's may still be there.
        if (messageIds === null) void run()
      })
      return () => {
        stop()
        close()
      }
    },
    type: (text: string, place: SearchPlace | null) => {
      set({ text, place, open: true })
      clearTimeout(timer)
      // What was found for other words is no answer to none.
      if (text.trim() === '') void run()
      else timer = setTimeout(() => void run(), REST_MS)
    },
    look: (where: { scope?: Scope; order?: Order }) => {
      set(where)
      void run()
    },
    again: () => void run(),
    more: async (): Promise<void> => {
      const { results } = get()
      if (results.kind !== 'found' || results.nextCursor === null || results.more === 'loading') return
      const mine = question
      set({ results: { ...results, more: 'loading' } })
      const result = await ask(results.nextCursor)
      const now = get().results
      if (mine !== question || now.kind !== 'found') return
      if (!result.ok) return set({ results: { ...now, more: 'failed' } })
      const known = new Set(now.hits.map(({ message }) => message.messageId))
      const fresh = result.value.hits.filter(({ message }) => !known.has(message.messageId))
      set({ results: { ...now, hits: [...now.hits, ...fresh], nextCursor: result.value.nextCursor, more: 'idle' } })
    },
    choose: (active: number) => set({ active }),
    /** Puts the keyboard into the search box. */
    focus: () => set(({ asked }) => ({ asked: asked + 1 })),
    /** Looks for words that were typed elsewhere. */
    find: (text: string, place: SearchPlace) => {
      set(({ asked }) => ({ text, place, open: true, asked: asked + 1 }))
      void run()
    },
    close,
  }
}

export type SearchStore = ReturnType<typeof createSearchStore>
