import { AppError } from '../../kernel/errors.ts'
import type { Eid, GroupId, ObjectId, UnmetId } from '../../../shared/domain/ids.ts'
import type { IntentRow } from '../../ports/branch-store.ts'
import type { Repositories } from '../../ports/store.ts'
import { KEPT_EPOCHS } from '../group/group-deps.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { mirror } from '../group/mirror.ts'
import { wasAddedAnew } from '../returning/join-again.ts'
import { carryOutAgain } from './carry-out.ts'
import { grantName } from './grant-name.ts'
import { decodeIntent } from './intent.ts'
import type { Intent } from './intent.ts'
import { isOlderLeafIn, isStillIn } from './left-claims.ts'
import { planIntent } from './plan-intent.ts'
import { nameOf, putUnmet } from './unmet.ts'

/** Those of our intents whose commit did not lead to where the group is: oldest first. */
export const lostIntents = (group: LiveGroup): IntentRow[] => openIntents(group).lost

/**
 * The same, and those of which nothing that is here tells whether they led to where the group is: this device came there by a fresh leaf.
 * Commits that are still on their way may tell; where it came in after the fork none ever will.
 */
export function openIntents(group: LiveGroup): { lost: IntentRow[]; unclear: IntentRow[] } {
  const { groupId, tip } = group
  const { store } = group.deps
  const open = store.intents.list(groupId).filter((row) => row.failure === null)
  if (open.length === 0) return { lost: [], unclear: [] }
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
  const outcome = ({ objectId, body }: IntentRow): 'done' | 'lost' | 'unclear' => {
    const intent = decodeIntent(body)
    if (intent.kind === 'see-off') return isStillIn(group, intent.request) || isOlderLeafIn(group, intent.request) ? 'lost' : 'done'
    // One that is no longer kept as a branch has led here, or to where nobody can go back.
    let commit = byObject.get(objectId)
    if (commit === undefined || followed.has(commit.child)) return 'done'
    while (commit !== undefined && !followed.has(commit.parent)) commit = into.get(commit.parent)
    return commit !== undefined || isAnew ? 'lost' : 'unclear'
  }
  const judged = open.map((row) => ({ row, as: outcome(row) }))
  const those = (as: 'lost' | 'unclear'): IntentRow[] => judged.flatMap((one) => (one.as === as ? one.row : []))
  return { lost: those('lost'), unclear: those('unclear') }
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
    prune(group)
    return isLeft
  })
}

/**
 * Judges those that are unclear, once commits that could tell had time to come. What could not be undone is done again where it is not there; of
 * the rest nobody can say whether it was lost, or done and changed by somebody since: what is not as was asked is told, and left to the person.
 */
export function settleUnclear(group: LiveGroup): Promise<void> {
  return group.exclusive(async () => {
    if (group.tip.row.returning) return
    const { unclear } = openIntents(group)
    for (const [nth, row] of unclear.entries()) {
      const intent = decodeIntent(row.body)
      // What one asked once more in other words is over by that.
      const isOver = unclear.slice(nth + 1).some(({ body }) => isSameMatter(decodeIntent(body), intent))
      if (LASTING.has(intent.kind)) await settle(group, row, 'ours')
      else if (isOver || (await isDone(group, intent))) noteDone(group, row)
      else fail(group, row, 'It is not so where the others are, or somebody changed it since.')
    }
  })
}

/** What nobody can take back: where it is not there it never was. */
const LASTING: ReadonlySet<Intent['kind']> = new Set(['create-channel', 'invite', 'revoke'])

function isSameMatter(one: Intent, other: Intent): boolean {
  if (one.kind !== other.kind) return false
  if (one.kind === 'set-role' && other.kind === 'set-role') return one.memberId === other.memberId
  if (one.kind === 'rename-channel' && other.kind === 'rename-channel') return one.channelId === other.channelId
  return one.kind === 'rename' || one.kind === 'set-history'
}

async function isDone(group: LiveGroup, intent: Intent): Promise<boolean> {
  try {
    return (await planIntent(group, intent)) === null
  } catch (thrown) {
    if (!(thrown instanceof AppError) || UNDECIDED.has(thrown.code)) throw thrown
    return false
  }
}

function prune(group: LiveGroup): void {
  const { store, clock } = group.deps
  const stale = clock.now() - KEPT_EPOCHS.forMs
  if (store.intents.list(group.groupId).some((row) => row.createdAt < stale))
    store.transaction((tx) => tx.intents.prune(group.groupId, stale))
}

const UNDECIDED: ReadonlySet<string> = new Set(['disk', 'returning', 'stopping', 'unreadable'])

async function settle(group: LiveGroup, row: IntentRow, whose: Whose): Promise<void> {
  const { logger } = group.deps
  try {
    if ((await carryOutAgain(group, row)) === null) noteDone(group, row)
  } catch (thrown) {
    // What says nothing of the intent itself: it is judged again the next time.
    if (!(thrown instanceof AppError) || UNDECIDED.has(thrown.code)) throw thrown
    logger.warn('intent-failed', { code: thrown.code })
    fail(group, row, thrown.message, whose === 'ours')
  }
}

function fail(group: LiveGroup, row: IntentRow, why: string, isOurs = true): void {
  const { store, events, clock, engine } = group.deps
  const { groupId } = group
  const intent = decodeIntent(row.body)
  const unmet = { unmetId: row.intentId as UnmetId, groupId, at: clock.now(), kind: intent.kind, name: nameOf(group, intent), why }
  store.transaction((tx) => {
    tx.intents.put({ ...row, failure: why })
    const name = grantName(intent)
    if (name !== null) tx.invitations.dropGrant(groupId, name)
    if (isOurs) putUnmet(tx, unmet)
    // It was drawn for as long as it was to be made again.
    if (intent.kind === 'create-channel') mirror(tx, engine, group.tip)
  })
  if (intent.kind === 'create-channel') events.epochChanged(groupId)
  if (isOurs) events.intentFailed(groupId)
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
