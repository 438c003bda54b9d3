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
  // Lines after the first are set in, so that no text can look like a line of somebody else.
  return `${time}  ${author.name}: ${text.replaceAll(/\r\n?|[\n\u2028\u2029]/g, '\n    ')}${state}`
}
