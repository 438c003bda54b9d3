import type { Eid, MemberId } from '../../../shared/domain/ids.ts'
import type { Frontier, ObjectAck, WireObject } from '../../ports/wire.ts'
import { bareFrontier } from '../anti-entropy/frontier.ts'
import { epochsHere } from '../anti-entropy/known-epochs.ts'
import { dropExcess } from '../group/epoch-store.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { UNPROVEN } from '../group/membership.ts'
import { receiveObjects } from '../group/receive/receive-objects.ts'

/**
 * What a device takes of a group that it was removed from: commits alone. What leads out of an epoch it does not know is refused and not
 * put off: mostly it follows from the removal, and would be brought again and again for as long as this device listens.
 */
export async function hear(group: LiveGroup, objects: readonly WireObject[]): Promise<ObjectAck[]> {
  const { engine } = group.deps
  const isCommit = objects.map(({ bytes }) => {
    const header = engine.inspect(bytes)
    return header.ok && header.value.kind === 'commit'
  })
  const acks = await receiveObjects(
    group,
    objects.filter((_, i) => isCommit[i]),
  )
  await prune(group)
  const next = acks.values()
  return isCommit.map((is) => {
    const ack = is ? next.next().value : undefined
    return ack === 'unknown-epoch' ? 'rejected' : (ack ?? 'later')
  })
}

/** Here no commit is followed, and whoever could commit there still can. */
function prune(group: LiveGroup): Promise<void> {
  return group.exclusive(async () => {
    const { groupId, tip, deps } = group
    deps.store.transaction((tx) => dropExcess(tx, groupId, tip.row.tip, deps.clock.now()))
  })
}

/** A member says where it is: it is seen there, as by a message, which this device is not given. `places`: where each was last. */
export function notePlace({ groupId, deps: { store, events } }: LiveGroup, places: Map<MemberId, Eid>, memberId: MemberId, eid: Eid): void {
  if (memberId === UNPROVEN || places.get(memberId) === eid) return
  places.set(memberId, eid)
  if (store.mls.epoch(groupId, eid) === null) return
  store.transaction((tx) => tx.witnesses.note(groupId, eid, memberId))
  events.contested(groupId)
}

/**
 * Where it says that it is itself: in the newest epoch that whoever asks knows, too. It is nowhere as a member, and nobody is to look for
 * the others there. Null where both know none, and no commit of either is of use to the other.
 */
export function heardUpTo({ groupId, tip, deps: { store } }: LiveGroup, theirs: Frontier): Frontier | null {
  const [newest] = theirs.known.flatMap((eid) => store.mls.epoch(groupId, eid) ?? [])
  if (newest === undefined) return null
  return bareFrontier({ ...tip.row, tip: newest.eid, epoch: newest.epoch }, epochsHere(store, groupId, tip.row.tip))
}
