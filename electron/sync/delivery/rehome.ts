import type { Eid, MemberId } from '../../../shared/domain/ids.ts'
import type { StoredMessage } from '../../ports/store.ts'
import type { ComparedEpochs } from '../anti-entropy/known-epochs.ts'
import { readState } from '../group/epoch-store.ts'
import type { LiveGroup } from '../group/live-group.ts'

/** So many at a time; the rest with the next comparison. */
const AT_ONCE = 1_000

/**
 * What is owed to a member who cannot read the epoch it was written in, because that branch lost and they never were on it, is
 * encrypted once more, where they are: then others can bring it, too. Answers what is not, because somebody is there who was not shown
 * when it was written, or because nothing tells what they can read of that time: that is for them alone (`hand-over.ts`). `eid`: where
 * they are.
 */
export async function rehome(group: LiveGroup, memberId: MemberId, { readable }: ComparedEpochs, eid: Eid): Promise<StoredMessage[]> {
  const { store } = group.deps
  if (readable?.get(group.tip.row.tip) !== true) return []
  const unreadable = store.deliveries
    .owedTo(group.groupId, memberId, AT_ONCE)
    .map((objectId) => store.objects.get(objectId))
    .filter((object) => object !== null && readable.get(object.eid) !== true)
  const alone: StoredMessage[] = []
  for (const object of unreadable) {
    const message = object && store.messages.ofObject(object.objectId)
    if (!object || !message) continue
    const isLost = readable.get(object.eid) === false
    // Of an epoch that hangs together with nothing they know they may still be brought what we cannot see, until they are where we are.
    const outcome = isLost ? await sendAgain(group, message, object.eid) : eid === group.tip.row.tip ? 'alone' : 'moved'
    if (outcome === 'alone') alone.push(message)
  }
  return alone
}

function sendAgain(group: LiveGroup, message: StoredMessage, eid: Eid): Promise<'sent' | 'moved' | 'alone'> {
  return group.exclusive(async () => {
    const { store, engine } = group.deps
    if (group.tip.row.tip === eid || store.messages.get(message.messageId)?.objectId !== message.objectId) return 'moved'
    const then = readState(store, engine, group.groupId, eid)
    // It is owed to whoever was there, and to whoever was asked in already.
    const owed = store.deliveries.of(message.objectId).map((row) => row.memberId)
    const shown = new Set([...(then === null ? [] : engine.members(then.state).map((m) => m.memberId)), ...owed])
    if (!group.members().every((m) => shown.has(m.memberId))) return 'alone'
    // In a channel that is not there (SPEC.md I6) nobody could take it; whoever it is owed to has it once that is made again.
    if (!group.tip.settings.channels.some(({ channelId }) => channelId === message.channelId)) return 'alone'
    if (group.tip.row.returning) return 'moved'
    await group.sendAgain(message)
    return 'sent'
  })
}
