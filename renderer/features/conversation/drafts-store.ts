import { createStore } from 'zustand/vanilla'
import type { Client } from '../../bridge/client.ts'
import { limits } from '../../../shared/ipc/limits.ts'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import type { ChannelId } from '../../../shared/domain/ids.ts'

export interface Draft {
  text: string
  /** What was sent off, in the order in which it was written, and is not known to be safe: it is kept as the text is. */
  sending: readonly string[]
  error: CodedError | null
}

/** After a word or so: who types on and on does not wait for it. */
const KEEP_AFTER_MS = 500

const empty: Draft = { text: '', sending: [], error: null }
const wholeOf = ({ sending, text }: Draft): string => [...sending, text].filter((part) => part !== '').join('\n')

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
    const text = wholeOf(get(channelId))
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
    if (sending.length > 0) return void onward.set(from, to)
    onward.delete(from)
    if (text === '') return
    const there = get(to)
    put(to, { ...there, text: there.text === '' ? text : `${there.text}\n${text}`, error })
    put(from, empty)
    // First where it is from now on: a crash between the two leaves it twice, and never nowhere.
    keepOne(to)
    keepOne(from)
  }
  const sendFirst = async (channelId: ChannelId, body: string): Promise<boolean> => {
    const error = await send(channelId, body)
    const now = get(channelId)
    // Of several none may come before the one that failed: all of them are to be read again where they were written.
    if (error !== null) put(channelId, { text: wholeOf(now), sending: [], error })
    else {
      put(channelId, { ...now, sending: now.sending.slice(1) })
      keepOne(channelId)
    }
    const to = onward.get(channelId)
    if (to !== undefined) move(channelId, to)
    return error === null
  }
  /** The last that was sent off in each channel. */
  const last = new Map<ChannelId, Promise<boolean>>()
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
    /** True when the draft was sent. Whoever writes the next one meanwhile sends it after this one, if this one was sent. */
    submit: (channelId: ChannelId): Promise<boolean> => {
      const { text, sending } = get(channelId)
      const body = text.trim()
      if (body === '') return Promise.resolve(false)
      put(channelId, { text: '', sending: [...sending, body], error: null })
      const before = sending.length === 0 ? undefined : last.get(channelId)
      // What waits for its turn stands nowhere else by now.
      if (before !== undefined) keepOne(channelId)
      const sent = before?.then((went) => went && sendFirst(channelId, body)) ?? sendFirst(channelId, body)
      last.set(channelId, sent)
      return sent
    },
  }
}

export const draftOf = (state: DraftsState, channelId: ChannelId): Draft => state.drafts[channelId] ?? empty
export type DraftsStore = ReturnType<typeof createDraftsStore>
