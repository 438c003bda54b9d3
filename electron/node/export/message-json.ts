import type { Message } from '../../../shared/domain/models.ts'

/** A message in the form that outsiders rely on: the command line prints it, and an export holds it. */
export function messageJson({ delivery, author, ...message }: Message) {
  const { messageId, channelId, sentAt, text, replyTo, editedAt, deleted, reactions, attachments, seq } = message
  const { sharedBy } = message
  const { state, reason } = delivery
  return {
    ...{ messageId, channelId, author: { memberId: author.memberId, name: author.name }, sentAt, text, replyTo, editedAt, deleted },
    ...{ reactions, attachments, state, seq },
    ...(sharedBy === null ? {} : { sharedBy }),
    ...(reason === null ? {} : { reason }),
  }
}
