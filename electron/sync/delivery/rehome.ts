import type { Eid, MemberId } from '../../../shared/domain/ids.ts'
import type { StoredMessage } from '../../ports/store.ts'
import type { ComparedEpochs } from '../anti-entropy/known-epochs.ts'
import { readState } from '../group/epoch-store.ts'
import type { LiveGroup } from '../group/live-group.ts'

/** So many at a time; the rest with the next comparison. */
const AT_ONCE = 1_000

const WIDENED =
  'Somebody else is in this space now who could read it. It reached those who were there with you; send it again if all may read it.'

/**
 * What is owed to a member who cannot read the epoch it was written in, because that branch lost and they never were on it: it is
 * encrypted once more, where they are. Only for an audience that was shown when it was written; else it is said why not.
 */
export async function rehome(group: LiveGroup, memberId: MemberId, { readable }: ComparedEpochs): Promise<void> {
  const { store } = group.deps
  if (readable?.get(group.tip.row.tip) !== true) return
  const unreadable = store.deliveries
    .owedTo(group.groupId, memberId, AT_ONCE)
    .map((objectId) => store.objects.get(objectId))
    .filter((object) => object !== null && readable.get(object.eid) === false)
  for (const object of unreadable) {
    const message = object && store.messages.ofObject(object.objectId)
    if (object && message?.failure === null) await sendAgain(group, message, object.eid)
  }
}

function sendAgain(group: LiveGroup, message: StoredMessage, eid: Eid): Promise<void> {
  return group.exclusive(async () => {
    const { store, engine, events } = group.deps
    if (group.tip.row.returning || group.tip.row.tip === eid || store.messages.get(message.messageId)?.objectId !== message.objectId) return
    const then = readState(store, engine, group.groupId, eid)
    // It is owed to whoever was there, and to whoever was asked in already.
    const owed = store.deliveries.of(message.objectId).map((row) => row.memberId)
    const shown = new Set([...(then === null ? [] : engine.members(then.state).map((m) => m.memberId)), ...owed])
    if (group.members().every((m) => shown.has(m.memberId))) return group.sendAgain(message)
    store.transaction((tx) => tx.messages.setFailure(message.objectId, WIDENED))
    events.deliveryChanged(group.groupId, [message.messageId])
  })
}
