import type { Eid, GroupId } from '../../../shared/domain/ids.ts'
import type { GroupEngine, GroupState } from '../../crypto/mls/group-engine.ts'
import type { MlsEpochRow } from '../../ports/mls-epoch.ts'
import type { Repositories } from '../../ports/store.ts'
import { readParts, writeParts } from './epoch-parts.ts'
import { KEPT_EPOCHS } from './group-deps.ts'

/** All that `sync` reads and writes of MLS state is here, so that nothing else knows how it lies in the store. */

type Reading = Pick<Repositories, 'mls'>
type Writing = Pick<Repositories, 'mls' | 'commits' | 'witnesses'>

export interface StoredState {
  eid: Eid
  epoch: number
  state: GroupState
}

/** Null if this device is not, or no longer, able to read that epoch. Throws `AppError('unreadable')` on damage. */
export function readState(store: Reading, engine: GroupEngine, groupId: GroupId, eid: Eid): StoredState | null {
  const parts = readParts(store.mls, groupId, eid)
  if (parts === null) return null
  const state = engine.decode(parts)
  return { eid, epoch: engine.epoch(state), state }
}

/** The number of the oldest epoch that is readable here; null if there is none. */
export const oldestKept = (store: Reading, groupId: GroupId): number | null => store.mls.epochs(groupId).at(-1)?.epoch ?? null

/** The epochs that led to `tip`, itself first, as far back as they are readable here. */
export const pathTo = (store: Reading, groupId: GroupId, tip: Eid): MlsEpochRow[] => pathAmong(store.mls.epochs(groupId), tip)

/** The same among all epochs of the group that are here, for who has read them already. */
export function pathAmong(epochs: readonly MlsEpochRow[], tip: Eid): MlsEpochRow[] {
  const byEid = new Map(epochs.map((row) => [row.eid, row]))
  const path: MlsEpochRow[] = []
  for (let at = byEid.get(tip); at !== undefined; at = at.parent === null ? undefined : byEid.get(at.parent)) path.push(at)
  return path
}

/** Whether commits beside each other are known. */
export function isForked({ commits }: Pick<Repositories, 'commits'>, groupId: GroupId): boolean {
  const parents = commits.of(groupId).map((commit) => commit.parent)
  return new Set(parents).size < parents.length
}

/** Whether a commit is known of which it is still to be decided if it is followed: also one alone, which removes this device. */
export const isContested = (store: Pick<Repositories, 'commits'>, groupId: GroupId, tip: Eid): boolean =>
  isForked(store, groupId) || store.commits.outOf(groupId, tip).length > 0

/** A group's first epoch here. */
export function writeFirst(tx: Reading, engine: GroupEngine, groupId: GroupId, { eid, epoch, state }: StoredState): void {
  writeParts(tx.mls, { groupId, eid, epoch, parent: null, supersededAt: null }, engine.encode(state))
}

/** The epoch that follows `parent`, which stays readable for a while; what is too old goes. */
export function writeNext(tx: Writing, engine: GroupEngine, groupId: GroupId, next: StoredState, parent: Eid, now: number): void {
  const { eid, epoch, state } = next
  tx.mls.supersedeEpoch(groupId, parent, now)
  writeParts(tx.mls, { groupId, eid, epoch, parent, supersededAt: null }, engine.encode(state))
  dropStale(tx, groupId, eid, now)
}

/** The first epoch of a fresh leaf, which does not follow from what is here; what is here stays readable for a while. */
export function writeAfresh(tx: Writing, engine: GroupEngine, groupId: GroupId, first: StoredState, replaced: Eid, now: number): void {
  tx.mls.supersedeEpoch(groupId, replaced, now)
  writeFirst(tx, engine, groupId, first)
  dropStale(tx, groupId, first.eid, now)
}

/** An epoch that is not the tip: of another branch, or of a time that is only read any more. */
export function writeAside(tx: Reading, engine: GroupEngine, groupId: GroupId, aside: StoredState, parent: Eid, now: number): void {
  const { eid, epoch, state } = aside
  writeParts(tx.mls, { groupId, eid, epoch, parent, supersededAt: now }, engine.encode(state))
}

/** Another branch is followed from now on. Both epochs are stored; the one that was left stays as it was moved to. */
export function changeTip(tx: Writing, groupId: GroupId, from: Eid, to: Eid, now: number): void {
  tx.mls.supersedeEpoch(groupId, from, now)
  tx.mls.supersedeEpoch(groupId, to, null)
  dropStale(tx, groupId, to, now)
}

/**
 * Where this device had followed the group to before it came back in epoch `era` with a fresh leaf; null if nothing of
 * that is kept.
 */
export function reachedBefore(store: Reading, groupId: GroupId, era: number): { eid: Eid; epoch: number } | null {
  return store.mls.epochs(groupId).find((row) => row.epoch < era) ?? null
}

/** What messages moved between two states of one epoch; `before` is what is stored. */
export function writeMoved(
  tx: Reading,
  engine: GroupEngine,
  groupId: GroupId,
  eid: Eid,
  moved: { before: GroupState; after: GroupState },
): void {
  tx.mls.moveMessageSecrets(groupId, eid, engine.moved(moved.before, moved.after))
}

/** What led to the tip is kept longest; of all else the newest, and no more of it than hostile members may make us keep. */
function dropStale(tx: Writing, groupId: GroupId, tip: Eid, now: number): void {
  const oldest = now - KEPT_EPOCHS.forMs
  const isOld = ({ supersededAt }: MlsEpochRow): boolean => (supersededAt ?? 0) < oldest
  const path = pathTo(tx, groupId, tip)
  const onPath = new Set(path.map(({ eid }) => eid))
  const aside = tx.mls.epochs(groupId).filter(({ eid }) => !onPath.has(eid))
  const stale = [
    ...path.slice(1).filter((row, newer) => newer >= KEPT_EPOCHS.atMost || (newer >= KEPT_EPOCHS.atLeast && isOld(row))),
    ...aside.filter((row, newer) => newer >= KEPT_EPOCHS.aside || isOld(row)),
  ]
  for (const { eid } of stale) {
    tx.mls.deleteEpoch(groupId, eid)
    tx.commits.dropAround(groupId, eid)
    tx.witnesses.drop(groupId, eid)
  }
  tx.mls.retireSignatureKeys(groupId)
}

/**
 * The same, once there is more than is ever kept: where no commit is followed by which what is stale would go, whoever can commit beside could
 * make this device keep any number of epochs. A member does so after a choice alone: that is made among all that is known.
 */
export function dropExcess(tx: Writing, groupId: GroupId, tip: Eid, now: number): void {
  if (tx.mls.epochs(groupId).length > KEPT_EPOCHS.atMost + KEPT_EPOCHS.aside) dropStale(tx, groupId, tip, now)
}
