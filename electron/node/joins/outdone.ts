import type { GroupId } from '../../../shared/domain/ids.ts'
import type { JoinRow, Repositories } from '../../ports/store.ts'
import { readEnded } from '../../sync/members/ended.ts'
import { hasLeaveOffer } from '../../sync/members/leave-offer.ts'
import { isAstray } from '../../sync/returning/astray.ts'

/** That a join came to nothing is told until somebody has read it, or it is so no more: there is a newer one for that space, or this device is in it. */

type Reading = Pick<Repositories, 'groups' | 'settings'>

const cameToNothing = ({ state }: JoinRow): boolean => state.kind === 'refused' || state.kind === 'cancelled'

/** Whether this device is in that space where the others are, and stays, and no invitation is needed. */
export function isInside(store: Reading, groupId: GroupId): boolean {
  const group = store.groups.get(groupId)
  const isIn = group !== null && !group.returning && readEnded(store, groupId) === null
  return isIn && !isAstray(store, groupId) && !hasLeaveOffer(store, groupId)
}

/** In the step that stores `row`, which takes the place of those for the same space that came to nothing. */
export function takePlace({ joins }: Pick<Repositories, 'joins'>, row: Pick<JoinRow, 'joinId' | 'groupId'>): void {
  for (const other of joins.list())
    if (other.groupId === row.groupId && other.joinId !== row.joinId && cameToNothing(other)) joins.delete(other.joinId)
}

/** Those that are told of no more; an older version left them. */
export function outdone(store: Reading & Pick<Repositories, 'joins'>): JoinRow[] {
  const rows = store.joins.list()
  const newest = new Map(rows.map((row) => [row.groupId, row.joinId]))
  return rows.filter((row) => cameToNothing(row) && (newest.get(row.groupId) !== row.joinId || isInside(store, row.groupId)))
}
