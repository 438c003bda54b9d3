import type { GroupId } from '../../shared/domain/ids.ts'
import { AppError } from '../kernel/errors.ts'
import { shortId } from '../kernel/logger.ts'
import type { GroupRow, Store } from '../ports/store.ts'
import { loadGroup } from '../sync/group/found-group.ts'
import type { GroupDeps } from '../sync/group/group-deps.ts'
import type { LiveGroup } from '../sync/group/live-group.ts'
import { putEnded, putSaid, readEnded } from '../sync/members/ended.ts'
import type { Ended } from '../sync/members/ended.ts'
import { hasLeaveOffer } from '../sync/members/leave-offer.ts'
import { mayHearMore } from '../sync/members/listening.ts'
import type { Listening } from '../sync/members/listening.ts'

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
      forgetUnsaid(deps.store, row.groupId, ended)
      continue
    }
    const group = tryToLoad(deps, row)
    if (group === null) {
      if (ended === null) damaged(row.groupId)
    } else if (ended === null) groups.set(row.groupId, group)
    else listening.begin(group)
  }
}

/** By now nobody could follow what is still to be said: then nobody is looked for either, and who wanted to leave has left. */
function forgetUnsaid(store: Store, groupId: GroupId, ended: Ended): void {
  if (ended.unsaid !== true) return
  store.transaction((tx) => {
    putSaid(tx, groupId)
    if (hasLeaveOffer(tx, groupId)) putEnded(tx, groupId, { ...ended, kind: 'left', unsaid: false })
  })
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
