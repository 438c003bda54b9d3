import type { ChannelId, GroupId } from '../../../shared/domain/ids.ts'
import { groupOfSpace, spaceOfGroup } from '../../../shared/domain/ids.ts'
import type { Channel, MessagePage } from '../../../shared/domain/models.ts'
import type { Api, Args } from '../../../shared/ipc/contract.ts'
import { AppError } from '../../kernel/errors.ts'
import type { MessageSlice, Store } from '../../ports/store.ts'
import { excerptOf } from '../../storage/repositories/search/excerpt.ts'
import { parseQuery } from '../../storage/repositories/search/query.ts'
import { markSnapshotsStale } from '../../storage/snapshots/stale.ts'
import { emptyLog } from '../housekeeping/log-job.ts'
import { spaceOver } from '../views/channel-views.ts'
import { channelView, messageView, spaceViews } from '../views/views.ts'
import type { ApiContext } from './context.ts'

type Calls =
  | 'messages.send'
  | 'messages.get'
  | 'messages.page'
  | 'messages.search'
  | 'messages.deleteForMe'
  | 'messages.markRead'
  | 'channels.setKeepDays'

export const messagesApi = (context: ApiContext): Pick<Api, Calls> => ({
  ...readingApi(context),
  ...deletingApi(context),

  'messages.send': async ({ channelId, text, replyTo }) => {
    const { messenger } = context.open()
    const { store } = messenger.deps
    if (replyTo !== null && store.messages.get(replyTo)?.channelId !== channelId) {
      throw new AppError('not-found', 'The message this answers is not in this channel.')
    }
    const group = messenger.groupOfChannel(channelId)
    if (group.tip.settings.kind === 'direct') demandPartner(channelView(store, messenger.channel(channelId)))
    return messageView(store, await group.send(channelId, text, replyTo))
  },

  'messages.markRead': async ({ channelId, seq }) => {
    const { messenger } = context.open()
    messenger.channel(channelId)
    const { store } = messenger.deps
    const before = store.messages.readSeq(channelId)
    store.transaction((tx) => tx.messages.markRead(channelId, seq))
    messenger.receipts.moved(channelId, before)
    emitRead(context, store, channelId)
    return null
  },
})

function demandPartner({ with: other, name }: Channel): void {
  if (other === null) throw new AppError('not-member', `${name} is not in this conversation any more: nobody would get what you write.`)
}

const noMessage = (): AppError => new AppError('not-found', 'There is no such message.')

const readingApi = ({ open }: ApiContext): Pick<Api, 'messages.get' | 'messages.page' | 'messages.search'> => ({
  'messages.get': async ({ messageId }) => {
    const { store } = open().messenger.deps
    const row = store.messages.get(messageId)
    if (row === null) throw noMessage()
    return messageView(store, row)
  },

  'messages.page': async (args) => {
    const { messenger } = open()
    messenger.channel(args.channelId)
    const { store } = messenger.deps
    return pageView(store, sliceOf(store, args))
  },

  'messages.search': async ({ text, spaceId, channelId, order, limit, before }) => {
    const { messenger } = open()
    const { store } = messenger.deps
    if (channelId !== null) messenger.channel(channelId)
    const terms = parseQuery(text)
    const groups = spaceId === null ? null : withUnder(store, groupOfSpace(spaceId))
    const { messages, nextCursor } = store.search.find({ terms, groups, channelId, order, limit, before })
    const hits = messages.map((row) => ({
      message: messageView(store, row),
      spaceId: spaceOfGroup(spaceOver(store, row.groupId)),
      ...excerptOf(row, terms),
    }))
    return { hits, nextCursor }
  },
})

const withUnder = ({ directory }: Store, space: GroupId): GroupId[] => [space, ...directory.under(space).map(({ groupId }) => groupId)]

function sliceOf({ messages }: Store, { channelId, limit, before, after, around }: Args<'messages.page'>): MessageSlice {
  if ([before, after, around].filter((place) => place !== null).length > 1)
    throw new AppError('invalid', 'A page has one place: give before, after or around.')
  if (after !== null) return messages.newer(channelId, limit, after)
  if (around === null) return messages.page(channelId, limit, before)
  const slice = messages.around(channelId, limit, around)
  if (slice === null) throw noMessage()
  return slice
}

const pageView = (store: Store, { messages, ...cursors }: MessageSlice): MessagePage => ({
  messages: messages.map((row) => messageView(store, row)),
  ...cursors,
})

const deletingApi = (context: ApiContext): Pick<Api, 'messages.deleteForMe' | 'channels.setKeepDays'> => ({
  'messages.deleteForMe': async ({ messageId }) => {
    const profile = context.open()
    const { store, logger } = profile.messenger.deps
    const gone = store.transaction((tx) => {
      const row = tx.messages.deleteForMe(messageId)
      if (row !== null) markSnapshotsStale(tx.settings)
      return row
    })
    if (gone === null) {
      // Twice is once: two windows, or a command tried again.
      if (store.messages.wasDeleted(messageId)) return null
      throw noMessage()
    }
    context.emit({ event: 'messages.removed', data: { channelId: gone.channelId, messageIds: [messageId] } })
    emitRead(context, store, gone.channelId)
    emptyLog({ store: profile.store, logger })
    return null
  },

  'channels.setKeepDays': async ({ channelId, keepDays }) => {
    const { messenger } = context.open()
    const row = messenger.channel(channelId)
    const { store } = messenger.deps
    store.transaction((tx) => tx.messages.setKeepDays(channelId, keepDays))
    context.emit({ event: 'spaces.changed', data: spaceViews(store) })
    return channelView(store, row)
  },
})

function emitRead({ emit }: ApiContext, { messages }: Store, channelId: ChannelId): void {
  emit({ event: 'channel.read', data: { channelId, unread: messages.unread(channelId), readSeq: messages.readSeq(channelId) } })
}
