import type { GroupId } from '../../../shared/domain/ids.ts'
import type { GroupEngine } from '../../crypto/mls/group-engine.ts'
import type { Repositories } from '../../ports/store.ts'
import type { WireObject } from '../../ports/wire.ts'
import { UNPROVEN } from './membership.ts'
import { objectIdOf } from './object-id.ts'

/**
 * Keeps commits from before our time, which we cannot read, for members who missed them: without the commit that added
 * us they could not know us, and whoever made it may be away. What they are worth is for those members to judge.
 * One of our own time is not taken: what is stored counts as followed, and so it never would be.
 */
export function carryCommits(tx: Repositories, engine: GroupEngine, groupId: GroupId, commits: readonly WireObject[], now: number): void {
  const joined = tx.groups.get(groupId)?.joinedEpoch ?? 0
  for (const { eid, bytes } of commits) {
    const header = engine.inspect(bytes)
    if (!header.ok || header.value.groupId !== groupId || header.value.kind !== 'commit') continue
    const { epoch } = header.value
    if (epoch >= joined) continue
    tx.objects.put({
      objectId: objectIdOf(bytes),
      groupId,
      kind: 'commit',
      eid,
      epoch,
      sender: UNPROVEN,
      senderSeq: null,
      bytes,
      storedAt: now,
    })
  }
}
