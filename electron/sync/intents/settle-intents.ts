import { AppError } from '../../kernel/errors.ts'
import type { GroupId, ObjectId } from '../../../shared/domain/ids.ts'
import type { IntentRow, Repositories } from '../../ports/store.ts'
import { pathTo } from '../group/epoch-store.ts'
import { KEPT_EPOCHS } from '../group/group-deps.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { carryOutAgain } from './carry-out.ts'
import { grantName } from './grant-name.ts'
import { decodeIntent } from './intent.ts'

/** Those of our intents whose commit did not lead to where the group is: oldest first. */
export function lostIntents({ deps: { store }, groupId, tip }: LiveGroup): IntentRow[] {
  const open = store.intents.list(groupId).filter((row) => row.failure === null)
  if (open.length === 0) return []
  const edges = new Map(store.commits.of(groupId).map((commit) => [commit.objectId, commit.child]))
  const followed = new Set(pathTo(store, groupId, tip.row.tip).map((row) => row.eid))
  return open.filter(({ objectId }) => {
    const child = edges.get(objectId)
    // One that is no longer kept as a branch has led here, or to where nobody can go back.
    return child !== undefined && !followed.has(child)
  })
}

/**
 * Judges every intent that was lost by the group as it is now, and does again what is left to do. Each ends as done by a new
 * commit, as done already, or as failed in words. Safe at any time and any number of times.
 */
export function settleIntents(group: LiveGroup): Promise<void> {
  return group.exclusive(async () => {
    if (group.tip.row.returning) return
    for (const row of lostIntents(group)) await settle(group, row)
    const { store, clock } = group.deps
    const stale = clock.now() - KEPT_EPOCHS.forMs
    if (store.intents.list(group.groupId).some((row) => row.createdAt < stale))
      store.transaction((tx) => tx.intents.prune(group.groupId, stale))
  })
}

const UNDECIDED: ReadonlySet<string> = new Set(['disk', 'returning', 'stopping', 'unreadable'])

async function settle(group: LiveGroup, row: IntentRow): Promise<void> {
  const { store, events, logger } = group.deps
  try {
    await carryOutAgain(group, row)
  } catch (thrown) {
    // What says nothing of the intent itself: it is judged again the next time.
    if (!(thrown instanceof AppError) || UNDECIDED.has(thrown.code)) throw thrown
    logger.warn('intent-failed', { code: thrown.code })
    store.transaction((tx) => {
      tx.intents.put({ ...row, failure: thrown.message })
      const name = grantName(decodeIntent(row.body))
      if (name !== null) tx.invitations.dropGrant(group.groupId, name)
    })
    events.intentFailed(group.groupId, thrown.message)
  }
}

/** The commit that a Welcome came with, if it was granted here and is remembered. */
export function grantedBy({ intents }: Pick<Repositories, 'intents'>, groupId: GroupId, grant: string): ObjectId | null {
  return intents.list(groupId).find((row) => row.failure === null && grantName(decodeIntent(row.body)) === grant)?.objectId ?? null
}
