import type { GroupId } from '../../../shared/domain/ids.ts'
import type { GroupEngine } from '../../crypto/mls/group-engine.ts'
import type { ObjectRow, Repositories } from '../../ports/store.ts'
import type { WireObject } from '../../ports/wire.ts'
import { oldestKept, pathTo } from './epoch-store.ts'
import type { LiveGroup } from './live-group.ts'
import { UNPROVEN } from './membership.ts'
import { objectIdOf } from './object-id.ts'

/**
 * Keeps commits from before our time, which we cannot read, for members who missed them: without the commit that added
 * us they could not know us, and whoever made it may be away. What they are worth is for those members to judge.
 * One of our own time is not taken: what is stored counts as followed, and so it never would be.
 */
export function carryCommits(tx: Repositories, engine: GroupEngine, groupId: GroupId, commits: readonly WireObject[], now: number): void {
  carryBefore(tx, engine, tx.groups.get(groupId)?.joinedEpoch ?? 0, { groupId, commits, now })
}

/** Of those commits the ones that lead out of an epoch before `limit`. */
export function carryBefore(
  tx: Repositories,
  engine: GroupEngine,
  limit: number,
  { groupId, commits, now }: { groupId: GroupId; commits: readonly WireObject[]; now: number },
): void {
  for (const { eid, bytes } of commits) {
    const header = engine.inspect(bytes)
    if (!header.ok || header.value.groupId !== groupId || header.value.kind !== 'commit') continue
    const { epoch } = header.value
    if (epoch >= limit) continue
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

/** What a newcomer is given to pass on (`JoinAnswer`). */
export const CARRIED_COMMITS = 64
const CARRIED_BYTES = 512 * 1024

/** Out of which epoch the oldest commit may lead that is here, one carried for others too. */
export const oldestCommit = (store: Pick<Repositories, 'mls'>, groupId: GroupId): number =>
  Math.max(0, (oldestKept(store, groupId) ?? 0) - CARRIED_COMMITS)

/** The commits of the last epochs, the oldest first, so that a newcomer can bring them to members who are behind. */
export function recentCommits(group: LiveGroup): WireObject[] {
  const commits: WireObject[] = []
  let size = 0
  for (const commit of newestFirst(group)) {
    size += commit.bytes.length
    // The newest goes whatever its size: it is what others know the newcomer by.
    if (commits.length === CARRIED_COMMITS || (commits.length > 0 && size > CARRIED_BYTES)) break
    commits.unshift({ eid: commit.eid, bytes: commit.bytes })
  }
  return commits
}

/** Those that led here, and beyond the first epoch of ours what we carry ourselves: who lets somebody in may have come a moment ago. */
function* newestFirst({ deps: { store }, groupId, tip }: LiveGroup): Generator<ObjectRow> {
  let oldest = tip.row.epoch
  for (const { eid } of pathTo(store, groupId, tip.row.tip)) {
    const edge = store.commits.into(groupId, eid)
    const commit = edge && store.objects.get(edge.objectId)
    if (commit === null) break
    oldest = commit.epoch
    yield commit
  }
  const from = Math.max(0, oldest - CARRIED_COMMITS)
  const before = store.objects.commitsSince(groupId, from).filter(({ epoch, sender }) => epoch < oldest && sender === UNPROVEN)
  for (const { objectId } of before.sort((a, b) => b.epoch - a.epoch)) {
    const commit = store.objects.get(objectId)
    if (commit !== null) yield commit
  }
}
