import type { GroupId } from '../../shared/domain/ids.ts'
import { AppError } from '../kernel/errors.ts'
import { shortId } from '../kernel/logger.ts'
import type { GroupRow } from '../ports/store.ts'
import { loadGroup } from '../sync/group/found-group.ts'
import type { GroupDeps } from '../sync/group/group-deps.ts'
import type { LiveGroup } from '../sync/group/live-group.ts'
import { readEnded } from '../sync/members/ended.ts'
import { mayHearMore } from '../sync/members/listening.ts'
import type { Listening } from '../sync/members/listening.ts'
import { putSaid } from '../sync/members/said.ts'

/** What this device takes part in, and what it only listens in. */
export interface Here {
  groups: Map<GroupId, LiveGroup>
  listening: Listening
}

/**
 * All that is stored, as it was left. One damaged space must not close the others: its history stays readable, and only taking part
 * fails, in words. `damaged` is told of those.
 */
export function loadGroups(deps: GroupDeps, { groups, listening }: Here, damaged: (groupId: GroupId) => void): void {
  for (const row of deps.store.groups.list()) {
    const ended = readEnded(deps.store, row.groupId)
    if (ended !== null && !mayHearMore(ended, deps.clock.now())) {
      // By now nobody could follow what is still to be said: then nobody is looked for either.
      if (ended.unsaid === true) deps.store.transaction((tx) => putSaid(tx, row.groupId))
      continue
    }
    const group = tryToLoad(deps, row)
    if (group === null) {
      if (ended === null) damaged(row.groupId)
    } else if (ended === null) groups.set(row.groupId, group)
    else listening.begin(group)
  }
}

function tryToLoad(deps: GroupDeps, row: GroupRow): LiveGroup | null {
  try {
    return loadGroup(deps, row)
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'unreadable') throw thrown
    deps.logger.error('group-unreadable', { group: shortId(row.groupId) })
    return null
  }
}
