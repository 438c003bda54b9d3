import type { GroupId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Repositories, Store } from '../../ports/store.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { putEnded, readEnded } from '../../sync/members/ended.ts'
import { isLeft, makeLeaveOffer } from '../../sync/members/leave-offer.ts'

interface Deps {
  store: Store
  clock: Clock
}

/**
 * Whoever leaves a space leaves what is under it. Answers what of that is over at once: where this device is a member no more, or could
 * not sign that it leaves; others see there that it is out of the space.
 */
export async function leaveUnder({ store, clock }: Deps, groups: ReadonlyMap<GroupId, LiveGroup>, space: GroupId): Promise<GroupId[]> {
  const over: GroupId[] = []
  for (const { groupId } of store.directory.under(space)) {
    const group = groups.get(groupId)
    if (group !== undefined && !group.tip.row.returning) await makeLeaveOffer(group)
    else if (readEnded(store, groupId)?.kind !== 'left') over.push(groupId)
  }
  store.transaction((tx) => {
    for (const groupId of over) putEnded(tx, groupId, { kind: 'left', at: clock.now(), by: null })
  })
  return over
}

/** Spaces that were left, or are gone already, while something under them is here: the process died between the two. */
export function leftWithSomethingUnder(store: Repositories): Set<GroupId> {
  const isGone = (space: GroupId): boolean => store.groups.get(space) === null || isLeft(store, space)
  return new Set(store.directory.spaces().flatMap(({ parent }) => (parent !== null && isGone(parent) ? parent : [])))
}
