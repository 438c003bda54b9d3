import { createStore } from 'zustand/vanilla'
import type { MessageId } from '../../../shared/domain/ids.ts'
import type { Message } from '../../../shared/domain/models.ts'
import type { Client } from '../../bridge/client.ts'

/** So many are kept; then all are asked for again. */
const MOST = 500

export interface QuotesState {
  /** Null for one that is not on this device. */
  quotes: Readonly<Record<MessageId, Message | null>>
}

/** The messages that others answer, wherever in the history they stand. */
export function createQuotesStore(client: Client) {
  const store = createStore<QuotesState>(() => ({ quotes: {} }))
  const asked = new Set<MessageId>()
  const put = (messageId: MessageId, message: Message | null) =>
    store.setState(({ quotes }) => ({ quotes: { ...quotes, [messageId]: message } }))
  const forget = () => {
    asked.clear()
    store.setState({ quotes: {} })
  }
  return {
    store,
    start: () => {
      const stops = [
        client.on('message.changed', (message) => (asked.has(message.messageId) ? put(message.messageId, message) : undefined)),
        // What is quoted may arrive after what quotes it.
        client.on('message.added', (message) => (asked.has(message.messageId) ? put(message.messageId, message) : undefined)),
        client.on('messages.removed', ({ messageIds }) => {
          if (messageIds === null) forget()
          else for (const id of messageIds) if (asked.has(id)) put(id, null)
        }),
      ]
      return () => {
        for (const stop of stops) stop()
      }
    },
    /** Asks for a message once. */
    want: async (messageId: MessageId): Promise<void> => {
      if (asked.has(messageId)) return
      if (asked.size >= MOST) forget()
      asked.add(messageId)
      const result = await client.call('messages.get', { messageId })
      if (result.ok) put(messageId, result.value)
      else if (result.error.code === 'not-found') put(messageId, null)
      else asked.delete(messageId)
    },
  }
}

export type QuotesStore = ReturnType<typeof createQuotesStore>
