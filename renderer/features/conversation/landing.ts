import type { MessageId } from '../../../shared/domain/ids.ts'
import type { Landing, Message } from '../../../shared/domain/models.ts'

/** Where a list is to stand. */
export type Place = { kind: 'end' } | { kind: 'message'; messageId: MessageId } | { kind: 'unread'; messageId: MessageId }

/** The place in a loaded run that a wish means; its end when the run holds nothing better. */
export function landingIn(messages: readonly Message[], wish: Landing | { kind: 'newest' }, unreadFrom: MessageId | null): Place {
  switch (wish.kind) {
    case 'newest':
      return { kind: 'end' }
    case 'unread':
      return unreadFrom === null ? { kind: 'end' } : { kind: 'unread', messageId: unreadFrom }
    case 'message':
      return messages.some(({ messageId }) => messageId === wish.messageId)
        ? { kind: 'message', messageId: wish.messageId }
        : { kind: 'end' }
    case 'date': {
      const first = messages.find(({ sentAt }) => sentAt >= wish.at) ?? messages.at(-1)
      return first === undefined ? { kind: 'end' } : { kind: 'message', messageId: first.messageId }
    }
  }
}
