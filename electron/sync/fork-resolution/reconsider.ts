import type { Eid, MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import { invariant } from '../../kernel/errors.ts'
import type { Repositories } from '../../ports/store.ts'
import { choose, forkPoints } from '../commit-ordering/choose.ts'
import type { Choice } from '../commit-ordering/choose.ts'
import type { CommitNode, CommitTree, Standings } from '../commit-ordering/commit-tree.ts'
import { oweAgain } from '../delivery/owe-again.ts'
import { setAside } from '../delivery/set-aside.ts'
import { changeTip, dropExcess, readState } from '../group/epoch-store.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { messagesOf } from '../group/messages-of.ts'
import { mirror } from '../group/mirror.ts'
import { nextTip } from '../group/next-tip.ts'
import type { Tip } from '../group/next-tip.ts'
import { moveGrants } from '../intents/lost-grants.ts'
import { putEnded, readEnded, takeBack } from '../members/ended.ts'
import { keptClaims } from '../intents/left-claims.ts'
import { isSaidToHaveFallen } from '../returning/astray.ts'
import { leftBehind } from '../members/way-out.ts'
import { dropLeaveOffer, hasLeaveOffer, isLeaveHeard } from '../members/leave-offer.ts'
import { removerHere } from '../members/removed.ts'
import { readTree, standingsAt } from './read-tree.ts'
import { isWhereAllAre, removerOf, staysOut } from './stays-out.ts'

/** What a look at all known commits came to. */
export type Outcome =
  /** The group stays where it is. */
  | { kind: 'same' }
  /** Another branch is followed now. */
  | { kind: 'switched' }
  /** All follow a commit after which this device is in no more. */
  | { kind: 'removed' }

/**
 * Chooses among all commits that are known, by the rules of `commit-ordering`, and follows the choice. Safe at any time and any
 * number of times: it depends on what is stored alone. Who is out already stays so, or is in again (SPEC.md T8): `places` is where
 * members said to it that they are.
 */
export function reconsider(group: LiveGroup, places: ReadonlyMap<MemberId, Eid> = new Map()): Promise<Outcome> {
  return group.exclusive(async () => {
    const { tip } = group.tip.row
    const { tree, standings, choice } = await chosen(group)
    if (choice.equivocations.length > 0) group.deps.logger.warn('commit-equivocation', { count: choice.equivocations.length })
    const remover = removerOf(choice)
    const isOut = readEnded(group.deps.store, group.groupId) !== null
    if (isOut && (remover !== null || isKeptOut(group, { tree, standings, choice }, places))) return { kind: 'removed' }
    if (remover !== null) {
      if (isTakenBack(group, choice)) return { kind: 'same' }
      end(group, remover)
      return { kind: 'removed' }
    }
    if (choice.tip === tip || choice.path.length === 0) {
      const isBack = group.deps.store.transaction((tx) => {
        dropExcess(tx, group.groupId, tip, group.deps.clock.now())
        return takeBack(tx, group.groupId)
      })
      if (isBack) group.deps.events.back(group.groupId)
      return { kind: 'same' }
    }
    await follow(group, choice, lostBy(tree, tip, choice))
    return { kind: 'switched' }
  })
}

/** SPEC.md T8: what is seen here speaks for a branch that this device is in, and whoever is not seen might speak against it. */
function isKeptOut(
  { groupId, self, deps: { store, engine } }: LiveGroup,
  { tree, standings, choice }: Chosen,
  places: ReadonlyMap<MemberId, Eid>,
): boolean {
  if (!staysOut(tree, standings, { self, places })) return false
  const state = readState(store, engine, groupId, choice.tip)?.state
  const others = state === undefined ? [] : engine.members(state).flatMap(({ memberId }) => (memberId === self ? [] : memberId))
  return !isWhereAllAre(tree, choice, { others, places })
}

/** SPEC.md T8: a member said that this device is in, and it waits to be let in there. */
function isTakenBack({ groupId, tip, deps: { store } }: LiveGroup, { path }: Choice): boolean {
  const removal = path.at(-1)
  return removal !== undefined && tip.row.returning && isSaidToHaveFallen(store, groupId, removal.objectId)
}

interface Chosen {
  tree: CommitTree
  standings: Map<Eid, Standings>
  choice: Choice
}

async function chosen(group: LiveGroup): Promise<Chosen> {
  const tree = readTree(group.deps.store, group.groupId, group.tip.row.tip)
  const standings = await standingsOf(group, tree)
  return { tree, standings, choice: choose(tree, standings) }
}

/** Whether all follow a commit after which this device is in no more, as far as is known here. */
export async function isRemoved(group: LiveGroup): Promise<boolean> {
  return removerOf((await chosen(group)).choice) !== null
}

/** Who removed this device where others may follow that. Null where nobody did, and where that has fallen whoever follows it. */
export async function removerElsewhere(group: LiveGroup): Promise<MemberId | null> {
  const by = removerHere(group)
  if (by === null) return null
  const { tree, standings } = await chosen(group)
  return staysOut(tree, standings, { self: group.self, places: new Map() }) ? by : null
}

/**
 * Nothing of what follows is for this device. What it has stays, to be read, unless it wanted to leave. Should nobody have heard of that, it
 * still wants to: the removal may fall, and whoever hears it then sees to the rest.
 */
export function end(group: LiveGroup, by: MemberId | null): void {
  const { deps, groupId } = group
  const { store, clock, events } = deps
  // It was left, and is being deleted, while others chose: a removal would have what is here stay.
  if (store.groups.get(groupId) === null || readEnded(store, groupId)?.kind === 'left') return
  const isLeaving = hasLeaveOffer(store, groupId)
  const isUnheard = isLeaving && by !== null && !isLeaveHeard(store, groupId)
  const kind = isLeaving && !isUnheard ? 'left' : 'removed'
  const unsaid = kind === 'removed' && by !== null && (isUnheard || leftBehind(group).length > 0 || keptClaims(group).length > 0)
  store.transaction((tx) => {
    putEnded(tx, groupId, { kind, at: clock.now(), by, unsaid })
    if (!isUnheard) dropLeaveOffer(tx, groupId)
  })
  events.ended(groupId)
}

async function standingsOf({ deps, groupId }: LiveGroup, tree: CommitTree): Promise<Map<Eid, Standings>> {
  const found = new Map<Eid, Standings>()
  for (const eid of forkPoints(tree)) found.set(eid, (await standingsAt(deps.store, deps.engine, groupId, eid)) ?? new Map())
  return found
}

/** The commits that led to where the group was and do not lead to where it goes. */
function lostBy({ commits }: CommitTree, tip: Eid, { path }: Choice): CommitNode[] {
  const into = new Map(commits.map((commit) => [commit.child, commit]))
  const kept = new Set(path.map((commit) => commit.objectId))
  const lost: CommitNode[] = []
  for (let commit = into.get(tip); commit !== undefined && !kept.has(commit.objectId); commit = into.get(commit.parent)) lost.push(commit)
  return lost
}

/** Goes over to a branch that is stored already. What was sent on the one that is left stays readable, and its keys stay used. */
async function follow(group: LiveGroup, { tip: eid, path }: Choice, lost: readonly CommitNode[]): Promise<void> {
  const { engine, store, clock, events, logger } = group.deps
  const { groupId, tip: before } = group
  const stored = readState(store, engine, groupId, eid)
  invariant(stored !== null, 'a branch that was chosen is kept')
  const tip: Tip = await nextTip(engine, before, stored.state)
  const { changed, isBack } = group.commitTip(tip, (tx) => {
    changeTip(tx, groupId, before.row.tip, eid, clock.now())
    mirror(tx, engine, tip)
    moveGrants(tx, groupId, { lost, chosen: path })
    const staying = new Set(engine.members(tip.state).map((m) => m.memberId))
    const back = lost.flatMap(({ removes }) => removes).filter((memberId) => staying.has(memberId))
    const noMore = [...forgiveTheGone(tx, group, newOn(path, before.row.tip, lost), staying), ...setAside(tx, engine, tip.state)]
    const owed = [...noMore, ...oweAgain(tx, { engine, groupId, self: group.self }, new Set(back))]
    return { changed: owed, isBack: takeBack(tx, groupId) }
  })
  if (isBack) events.back(groupId)
  logger.info('branch-followed', { epoch: tip.row.epoch })
  events.epochChanged(groupId)
  events.deliveryChanged(groupId, messagesOf(store, changed))
}

/** What of the way that is followed now was not followed before: who went before that may have come again since. */
function newOn(path: readonly CommitNode[], tip: Eid, lost: readonly CommitNode[]): readonly CommitNode[] {
  const parting = lost.at(-1)?.parent ?? tip
  return path.slice(
    Math.max(
      0,
      path.findIndex(({ parent }) => parent === parting),
    ),
  )
}

/** Whoever came by a commit that lost is not gone: it may be let in again, and is owed then what was written for it meanwhile (`set-aside.ts`). */
function forgiveTheGone(tx: Repositories, { groupId }: LiveGroup, path: readonly CommitNode[], staying: ReadonlySet<MemberId>): ObjectId[] {
  const gone = new Set(path.flatMap(({ removes }) => removes).filter((memberId) => !staying.has(memberId)))
  return [...gone].flatMap((memberId) => tx.deliveries.forgive(groupId, memberId))
}
