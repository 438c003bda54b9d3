import { AppError } from '../../kernel/errors.ts'
import type { Eid, GroupId, ObjectId } from '../../../shared/domain/ids.ts'
import type { IntentRow } from '../../ports/branch-store.ts'
import type { Repositories } from '../../ports/store.ts'
import { KEPT_EPOCHS } from '../group/group-deps.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { wasAddedAnew } from '../returning/join-again.ts'
import { carryOutAgain } from './carry-out.ts'
import { grantName } from './grant-name.ts'
import { decodeIntent } from './intent.ts'
import type { Intent } from './intent.ts'

/** Those of our intents whose commit did not lead to where the group is: oldest first. */
export function lostIntents({ deps: { store }, groupId, tip }: LiveGroup): IntentRow[] {
  const open = store.intents.list(groupId).filter((row) => row.failure === null)
  if (open.length === 0) return []
  const commits = store.commits.of(groupId)
  const into = new Map(commits.map((commit) => [commit.child, commit]))
  const byObject = new Map(commits.map((commit) => [commit.objectId, commit]))
  // Not `pathTo`: that ends where this device came back with a fresh leaf, and what was asked before lasts beyond that.
  const followed = new Set<Eid>([tip.row.tip])
  for (const eid of followed) {
    const commit = into.get(eid)
    if (commit !== undefined) followed.add(commit.parent)
  }
  const isAnew = wasAddedAnew(store, groupId, followed)
  return open.filter(({ objectId }) => {
    // One that is no longer kept as a branch has led here, or to where nobody can go back.
    let commit = byObject.get(objectId)
    if (commit === undefined || followed.has(commit.child)) return false
    while (commit !== undefined && !followed.has(commit.parent)) commit = into.get(commit.parent)
    // One that hangs together with nothing that led here may have: the commits between are still on their way.
    return commit !== undefined || isAnew
  })
}

/**
 * Judges every intent that was lost by the group as it is now, and does again what is left to do. Each ends as done by a new
 * commit, as done already, or as failed in words. Safe at any time and any number of times. Answers whether something is left to
 * others, who are to do it first; it is not with `forOthers`.
 */
export function settleIntents(group: LiveGroup, { forOthers = false } = {}): Promise<boolean> {
  return group.exclusive(async () => {
    if (group.tip.row.returning) return false
    let isLeft = false
    for (const row of lostIntents(group)) {
      const whose = whoseToDo(group, decodeIntent(row.body))
      if (whose === 'theirs' && !forOthers) isLeft = true
      else await settle(group, row, whose)
    }
    const { store, clock } = group.deps
    const stale = clock.now() - KEPT_EPOCHS.forMs
    if (store.intents.list(group.groupId).some((row) => row.createdAt < stale))
      store.transaction((tx) => tx.intents.prune(group.groupId, stale))
    return isLeft
  })
}

const UNDECIDED: ReadonlySet<string> = new Set(['disk', 'returning', 'stopping', 'unreadable'])

async function settle(group: LiveGroup, row: IntentRow, whose: Whose): Promise<void> {
  const { store, events, logger } = group.deps
  try {
    if ((await carryOutAgain(group, row)) === null) noteDone(group, row)
  } catch (thrown) {
    // What says nothing of the intent itself: it is judged again the next time.
    if (!(thrown instanceof AppError) || UNDECIDED.has(thrown.code)) throw thrown
    logger.warn('intent-failed', { code: thrown.code })
    store.transaction((tx) => {
      tx.intents.put({ ...row, failure: thrown.message })
      const name = grantName(decodeIntent(row.body))
      if (name !== null) tx.invitations.dropGrant(group.groupId, name)
    })
    if (whose === 'ours') events.intentFailed(group.groupId, thrown.message)
  }
}

type Whose = 'ours' | 'theirs' | 'anybodys'

/**
 * That somebody leaves is remembered by all who were brought the commit. It is for whoever made that first, if they are there; then
 * for anybody: they may be away, or have come here without seeing that it lost, or mean no good.
 */
function whoseToDo(group: LiveGroup, intent: Intent): Whose {
  if (intent.kind !== 'see-off') return 'ours'
  const members = new Set(group.members().map((m) => m.memberId))
  const { memberId } = intent.request
  const authors = group.deps.store.commits.of(group.groupId).flatMap(({ author, removes }) => (removes.includes(memberId) ? author : []))
  if (authors.includes(group.self)) return 'ours'
  return members.has(memberId) && authors.some((author) => members.has(author)) ? 'theirs' : 'anybodys'
}

/**
 * It is as was asked where the group is now, and lasts as long as that: who looks again later must not take back what somebody
 * changed since.
 */
function noteDone({ deps: { store }, groupId, tip }: LiveGroup, row: IntentRow): void {
  const objectId = store.commits.into(groupId, tip.row.tip)?.objectId
  if (objectId !== undefined) store.transaction((tx) => tx.intents.put({ ...row, objectId }))
}

/** The commit that a Welcome came with, if it was granted here and is remembered. */
export function grantedBy({ intents }: Pick<Repositories, 'intents'>, groupId: GroupId, grant: string): ObjectId | null {
  return intents.list(groupId).find((row) => row.failure === null && grantName(decodeIntent(row.body)) === grant)?.objectId ?? null
}
