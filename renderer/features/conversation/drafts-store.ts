import { createStore } from 'zustand/vanilla'
import type { Client } from '../../bridge/client.ts'
import { limits } from '../../../shared/ipc/limits.ts'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import type { ChannelId } from '../../../shared/domain/ids.ts'

export interface Draft {
  text: string
  sending: boolean
  error: CodedError | null
}

/** After a word or so: who types on and on does not wait for it. */
const KEEP_AFTER_MS = 500

const empty: Draft = { text: '', sending: false, error: null }

export interface DraftsState {
  drafts: Readonly<Record<ChannelId, Draft>>
}

/**
 * What is being written in each channel, and kept in the encrypted database: a window that is locked or closed loses
 * none of it. A draft leaves only when its message is safe.
 */
export function createDraftsStore(client: Pick<Client, 'call'>, send: (channelId: ChannelId, text: string) => Promise<CodedError | null>) {
  const store = createStore<DraftsState>(() => ({ drafts: {} }))
  const get = (channelId: ChannelId): Draft => store.getState().drafts[channelId] ?? empty
  const put = (channelId: ChannelId, draft: Draft) => store.setState((state) => ({ drafts: { ...state.drafts, [channelId]: draft } }))
  /** Not kept yet. */
  const changed = new Map<ChannelId, ReturnType<typeof setTimeout>>()
  const keepOne = (channelId: ChannelId) => {
    clearTimeout(changed.get(channelId))
    changed.delete(channelId)
    const { text } = get(channelId)
    // Far longer than can be sent; it stays while the window does.
    if (text.length <= limits.draft) void client.call('drafts.put', { channelId, text })
  }
  const keepSoon = (channelId: ChannelId) => {
    if (!changed.has(channelId))
      changed.set(
        channelId,
        setTimeout(() => keepOne(channelId), KEEP_AFTER_MS),
      )
  }
  const keep = () => {
    for (const channelId of [...changed.keys()]) keepOne(channelId)
  }
  /** Where what is being written goes once it is known whether it was sent. */
  const onward = new Map<ChannelId, ChannelId>()
  const move = (from: ChannelId, to: ChannelId) => {
    const { text, sending, error } = get(from)
    if (sending) return void onward.set(from, to)
    onward.delete(from)
    if (text === '') return
    const there = get(to)
    put(to, { ...there, text: there.text === '' ? text : `${there.text}\n${text}`, error })
    put(from, empty)
    // First where it is from now on: a crash between the two leaves it twice, and never nowhere.
    keepOne(to)
    keepOne(from)
  }
  const load = async (): Promise<void> => {
    const kept = await client.call('drafts.list', {})
    if (!kept.ok) return
    // What was typed meanwhile is newer.
    for (const { channelId, text } of kept.value) if (store.getState().drafts[channelId] === undefined) put(channelId, { ...empty, text })
  }
  return {
    store,
    start: () => {
      void load()
      window.addEventListener('pagehide', keep)
      return () => {
        window.removeEventListener('pagehide', keep)
        keep()
      }
    },
    /** Keeps at once what was typed last. */
    keep,
    write: (channelId: ChannelId, text: string) => {
      put(channelId, { ...get(channelId), text, error: null })
      keepSoon(channelId)
    },
    /** Takes what is being written in a channel that is there no more to the one that is in its place, after what stands there. */
    move,
    /** True when the draft was sent. One at a time: a second press while the first is under way does nothing. */
    submit: async (channelId: ChannelId): Promise<boolean> => {
      const { text, sending } = get(channelId)
      const body = text.trim()
      if (sending || body === '') return false
      put(channelId, { text, sending: true, error: null })
      const error = await send(channelId, body)
      const now = get(channelId).text
      if (error !== null) put(channelId, { text: now, sending: false, error })
      else {
        put(channelId, { text: now.startsWith(text) ? now.slice(text.length) : now, sending: false, error: null })
        keepOne(channelId)
      }
      const to = onward.get(channelId)
      if (to !== undefined) move(channelId, to)
      return error === null
    },
  }
}

export const draftOf = (state: DraftsState, channelId: ChannelId): Draft => state.drafts[channelId] ?? empty
export type DraftsStore = ReturnType<typeof createDraftsStore>
