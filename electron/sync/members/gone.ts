import type { MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import { pathTo } from '../group/epoch-store.ts'
import type { LiveGroup } from '../group/live-group.ts'

/** Whoever went from a group, also by their own will, and is not back: with the commit by which they are out, as far back as epochs are kept. */
export function goneFrom(group: LiveGroup): { memberId: MemberId; objectId: ObjectId }[] {
  const { groupId, tip, deps } = group
  const here = new Set(group.members().map(({ memberId }) => memberId))
  const commits = pathTo(deps.store, groupId, tip.row.tip).flatMap(({ eid }) => deps.store.commits.into(groupId, eid) ?? [])
  // The newest first: who went twice is told of the last time.
  const gone = new Map<MemberId, ObjectId>()
  for (const { removes, objectId } of commits)
    for (const memberId of removes) if (!here.has(memberId) && !gone.has(memberId)) gone.set(memberId, objectId)
  return [...gone].map(([memberId, objectId]) => ({ memberId, objectId }))
}
