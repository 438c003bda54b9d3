import type { MessageId, ObjectId } from '../../../shared/domain/ids.ts'
import type { Repositories } from '../../ports/store.ts'

/** The messages that objects carry, of those that carry any. */
export const messagesOf = (store: Repositories, objects: readonly ObjectId[]): MessageId[] =>
  objects.flatMap((objectId) => store.messages.ofObject(objectId)?.messageId ?? [])
