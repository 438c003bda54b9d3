import type { Message } from '../../shared/domain/models.ts'

/** A message in the form of the command line's contract. */
export function messageJson({ delivery, author, ...message }: Message) {
  const { messageId, channelId, sentAt, text, replyTo, editedAt, deleted, reactions, attachments, seq } = message
  const { state, reason } = delivery
  return {
    ...{ messageId, channelId, author: { memberId: author.memberId, name: author.name }, sentAt, text, replyTo, editedAt, deleted },
    ...{ reactions, attachments, state, seq },
    ...(reason === null ? {} : { reason }),
  }
}

export const messageWords = ({ sentAt, author, text, delivery }: Message): string => {
  const time = new Intl.DateTimeFormat('en-GB', { dateStyle: 'short', timeStyle: 'short' }).format(sentAt)
  const state = author.self ? `  (${delivery.state})` : ''
  return `${time}  ${author.name}: ${text}${state}`
}
