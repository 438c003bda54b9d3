import type { MemberId } from '../../../shared/domain/ids.ts'
import { plainData } from '../group/change-group.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { commitRemoval, standingOf } from './commit-removal.ts'
import { removalOf } from './removal.ts'

/** Removes somebody from the space, with every device; durable when this resolves. */
export function removeMember(group: LiveGroup, memberId: MemberId): Promise<void> {
  return group.exclusive(async () => {
    const removal = removalOf(standingOf(group), { by: group.self, whom: memberId })
    await commitRemoval(group, memberId, removal, plainData(group))
  })
}
