import type { Api } from '../../../shared/ipc/contract.ts'
import { AppError } from '../../kernel/errors.ts'
import { messageView } from '../views.ts'
import type { ApiContext } from './context.ts'

export const messagesApi = ({
  open,
  emit,
}: ApiContext): Pick<Api, 'messages.send' | 'messages.get' | 'messages.page' | 'messages.markRead'> => ({
  'messages.send': async ({ channelId, text, replyTo }) => {
    const { messenger } = open()
    const { store } = messenger.deps
    if (replyTo !== null && store.messages.get(replyTo)?.channelId !== channelId) {
      throw new AppError('not-found', 'The message this answers is not in this channel.')
    }
    return messageView(store, await messenger.groupOfChannel(channelId).send(channelId, text, replyTo))
  },

  'messages.get': async ({ messageId }) => {
    const { store } = open().messenger.deps
    const row = store.messages.get(messageId)
    if (row === null) throw new AppError('not-found', 'There is no such message.')
    return messageView(store, row)
  },

  'messages.page': async ({ channelId, limit, before, after, around }) => {
    const { messenger } = open()
    messenger.channel(channelId)
    if (after !== null || around !== null) throw new AppError('invalid', 'Only older pages can be read yet.')
    const { store } = messenger.deps
    const { messages, nextCursor } = store.messages.page(channelId, limit, before)
    return { messages: messages.map((row) => messageView(store, row)), nextCursor, previousCursor: null }
  },

  'messages.markRead': async ({ channelId, seq }) => {
    const { messenger } = open()
    messenger.channel(channelId)
    const { store } = messenger.deps
    store.transaction((tx) => tx.messages.markRead(channelId, seq))
    emit({ event: 'channel.read', data: { channelId, unread: store.messages.unread(channelId), readSeq: seq } })
    return null
  },
})
