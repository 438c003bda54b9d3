import type { MemberId } from '../../../shared/domain/ids.ts'
import type { Frontier } from '../../ports/wire.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { lacksNoMessage } from './frontier.ts'
import { whatIsHere } from './group-frontier.ts'

/**
 * Whether a proven member who says that it has so much certainly has all that is here, and is owed nothing: then there is nothing to bring,
 * to learn or to choose. Most comparisons end so, and this is told without going through what is stored. Where it says no they may have all the same.
 */
export function hasAll(group: LiveGroup, memberId: MemberId, theirs: Frontier): boolean {
  const { groupId, tip, deps } = group
  // Who came in more than once may lack what was between.
  if (theirs.eid !== tip.row.tip || theirs.roots.length > 1) return false
  const here = whatIsHere(group)
  const ends = here.ends()
  const known = new Set(theirs.known)
  return (
    ends.length > 0 &&
    ends.every((eid) => known.has(eid)) &&
    lacksNoMessage(theirs, tip.row, here.senders) &&
    deps.store.deliveries.owedTo(groupId, memberId, 1).length === 0 &&
    // What leads out of where they are, or out of later epochs, and no branch of ours.
    deps.store.objects.commitsSince(groupId, theirs.epoch).length === 0
  )
}
