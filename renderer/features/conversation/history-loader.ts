import type { CallResult } from '../../../shared/ipc/error-codes.ts'
import type { ChannelId } from '../../../shared/domain/ids.ts'
import type { Landing, Message, MessagePage } from '../../../shared/domain/models.ts'
import type { Client } from '../../bridge/client.ts'
import type { Conversations, Ready } from './conversations.ts'
import { firstUnread, fromPage, mergeChange, partBeside, trim, withNewer, withOlder } from './history.ts'
import { landingIn } from './landing.ts'

/** One page of history: enough to fill a tall window. */
export const PAGE = 60
/** So many messages of a channel are kept loaded; what is far from the reader is let go of. */
export const MOST = 6 * PAGE

export type Wish = { kind: 'newest' } | Landing

/** Runs something after the window had the chance to draw. */
export type Defer = (work: () => void) => void

type Side = 'older' | 'newer'

/** Reads runs of history and makes them longer, one answer at a time for each channel. */
export function createHistoryLoader(client: Pick<Client, 'call'>, { get, ready, put, change }: Conversations, defer: Defer) {
  /** Told of while a page was under way: they go on top of it. */
  const early = new Map<ChannelId, Message[]>()
  /** The latest load of each channel: answers to those before it are dropped. */
  const loads = new Map<ChannelId, number>()
  /** The end at which each run grew last. */
  const grown = new Map<ChannelId, Side>()
  let count = 0

  const install = (channelId: ChannelId, run: number, answer: MessagePage, wish: Wish, readSeq: number | null) => {
    const page = fromPage(answer)
    const history = (early.get(channelId) ?? []).reduce(mergeChange, page)
    const unreadFrom = readSeq === null ? null : firstUnread(page.messages, readSeq)
    const place = landingIn(page.messages, wish, unreadFrom)
    put(channelId, { kind: 'ready', history, run, place, older: 'idle', newer: 'idle', unreadFrom, arrived: 0, problem: null })
  }

  /** The page beyond one end of the run; null when there is none. */
  const beyond = async (channelId: ChannelId, { history }: Ready, side: Side): Promise<CallResult<MessagePage> | null> => {
    const edge = history[side]
    if (edge.kind === 'cursor') {
      return client.call('messages.page', { channelId, limit: PAGE, [side === 'older' ? 'before' : 'after']: edge.cursor })
    }
    const last = side === 'older' ? history.messages[0] : history.messages.at(-1)
    if (edge.kind === 'none' || last === undefined) return null
    const result = await client.call('messages.page', {
      channelId,
      limit: 2 * PAGE,
      around: { kind: 'message', messageId: last.messageId },
    })
    return result.ok ? { ok: true, value: partBeside(result.value, last.messageId, side) } : result
  }

  // Not at once: the list tells rows put at one end from rows taken from the other only one after the other.
  const letGo = (channelId: ChannelId) => {
    const [side, run] = [grown.get(channelId), ready(channelId)?.run]
    if (side === undefined) return
    defer(() => change(channelId, (now) => ({ history: now.run === run ? trim(now.history, side, MOST) : now.history })))
  }

  return {
    /** Keeps a report that comes while a page is under way. */
    remember: (message: Message) => void early.get(message.channelId)?.push(message),

    /** Reads the run that a wish asks for and puts it in the place of what is there. False when the node refused. */
    load: async (channelId: ChannelId, wish: Wish, readSeq: number | null = null): Promise<boolean> => {
      count += 1
      const run = count
      loads.set(channelId, run)
      grown.delete(channelId)
      early.set(channelId, [])
      if (ready(channelId) === null) put(channelId, { kind: 'loading' })
      const around = wish.kind === 'newest' ? null : wish
      const result = await client.call('messages.page', { channelId, limit: around === null ? PAGE : 2 * PAGE, around })
      // Overtaken by a later wish, or let go of meanwhile.
      if (loads.get(channelId) !== run || get(channelId) === undefined) return true
      if (result.ok) install(channelId, run, result.value, wish, readSeq)
      else if (ready(channelId) === null) put(channelId, { kind: 'failed', error: result.error })
      else change(channelId, () => ({ problem: result.error }))
      early.delete(channelId)
      return result.ok
    },

    /** Makes the run longer by a page; once at a time for each end. */
    extend: async (channelId: ChannelId, side: Side): Promise<void> => {
      const before = ready(channelId)
      if (before === null || before[side] === 'loading' || before.history[side].kind === 'none') return
      change(channelId, () => ({ [side]: 'loading' }))
      const result = await beyond(channelId, before, side)
      if (ready(channelId)?.run !== before.run || result === null) return
      if (!result.ok) return change(channelId, () => ({ [side]: 'failed' }))
      const grow = side === 'older' ? withOlder : withNewer
      change(channelId, ({ history }) => ({ history: grow(history, result.value), [side]: 'idle' }))
      grown.set(channelId, side)
      if ((ready(channelId)?.history.messages.length ?? 0) > 2 * MOST) letGo(channelId)
    },

    /** The reader rests: what is far from where the run grew last is let go of. */
    settle: (channelId: ChannelId) => {
      if ((ready(channelId)?.history.messages.length ?? 0) > MOST) letGo(channelId)
    },
  }
}
