import { createContext } from 'react'
import type { MessageId } from '../../../shared/domain/ids.ts'
import type { ChannelKind, Message } from '../../../shared/domain/models.ts'
import type { Anchor } from '../../components/use-floating.ts'
import type { QuotesStore } from './quotes-store.ts'

/** What a message knows of where it stands, and what can be done from within it. */
export interface MessageActionsValue {
  kind: ChannelKind
  quotes: QuotesStore
  /** Opens the message's menu beside something. */
  onMenu: (message: Message, anchor: Anchor) => void
  onGo: (messageId: MessageId) => void
}

export const MessageActions = createContext<MessageActionsValue | null>(null)
