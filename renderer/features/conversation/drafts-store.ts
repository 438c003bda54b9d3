import { createStore } from 'zustand/vanilla'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import type { ChannelId } from '../../../shared/domain/ids.ts'

export interface Draft {
  text: string
  sending: boolean
  error: CodedError | null
}

const empty: Draft = { text: '', sending: false, error: null }

export interface DraftsState {
  drafts: Readonly<Record<ChannelId, Draft>>
}

/**
 * What is being written in each channel. Kept in memory only: outside the encrypted database it
 * would lie readable on the disk. A draft leaves only when its message is safe.
 */
export function createDraftsStore(send: (channelId: ChannelId, text: string) => Promise<CodedError | null>) {
  const store = createStore<DraftsState>(() => ({ drafts: {} }))
  const get = (channelId: ChannelId): Draft => store.getState().drafts[channelId] ?? empty
  const put = (channelId: ChannelId, draft: Draft) => store.setState((state) => ({ drafts: { ...state.drafts, [channelId]: draft } }))
  return {
    store,
    write: (channelId: ChannelId, text: string) => put(channelId, { ...get(channelId), text, error: null }),
    /** True when the draft was sent. One at a time: a second press while the first is under way does nothing. */
    submit: async (channelId: ChannelId): Promise<boolean> => {
      const { text, sending } = get(channelId)
      const body = text.trim()
      if (sending || body === '') return false
      put(channelId, { text, sending: true, error: null })
      const error = await send(channelId, body)
      const now = get(channelId).text
      if (error !== null) put(channelId, { text: now, sending: false, error })
      else put(channelId, { text: now.startsWith(text) ? now.slice(text.length) : now, sending: false, error: null })
      return error === null
    },
  }
}

export const draftOf = (state: DraftsState, channelId: ChannelId): Draft => state.drafts[channelId] ?? empty
export type DraftsStore = ReturnType<typeof createDraftsStore>
