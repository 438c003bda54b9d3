import type { MemberId, MessageId } from '../../../shared/domain/ids.ts'
import type { StoredMessage } from '../../ports/store.ts'
import type { HandOver, ObjectAck } from '../../ports/wire.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { batches } from './batches.ts'

const REFUSED = 'Somebody whom it was written to could not take it. It reached the others who were there with you.'

export type Give = (given: HandOver) => Promise<ObjectAck[]>

/**
 * Gives a connected member what it is owed and nobody else may be shown (SPEC, D2). It says what it took, so nothing is lost or given
 * twice if this ends half way. Answers whether all of it was taken or refused.
 */
export async function handOver(group: LiveGroup, to: MemberId, messages: readonly StoredMessage[], give: Give): Promise<boolean> {
  let isDone = true
  for (const part of batches(messages, ({ content }) => content.length)) {
    // In the meantime it may have been removed: then nothing is owed to it any more.
    if (!group.members().some(({ memberId }) => memberId === to)) return true
    const acks = await give({ groupId: group.groupId, contents: part.map(({ content }) => content) })
    const told = new Map(part.map(({ messageId }, i) => [messageId, acks[i] ?? 'later'] as const))
    note(group, to, told)
    isDone &&= [...told.values()].every((ack) => ack === 'stored' || ack === 'rejected')
  }
  return isDone
}

function note({ groupId, deps: { store, clock, events } }: LiveGroup, to: MemberId, told: ReadonlyMap<MessageId, ObjectAck>): void {
  const changed = store.transaction((tx) =>
    [...told].flatMap(([messageId, ack]) => {
      // By its name: it may hang on another object by now.
      const message = tx.messages.get(messageId)
      if (message === null) return []
      if (ack === 'stored') return tx.deliveries.ack(message.objectId, to, clock.now()) ? [messageId] : []
      if (ack !== 'rejected' || message.failure !== null) return []
      tx.messages.setFailure(message.objectId, REFUSED)
      return [messageId]
    }),
  )
  if (changed.length > 0) events.deliveryChanged(groupId, changed)
}
