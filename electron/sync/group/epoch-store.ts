import type { Eid, GroupId } from '../../../shared/domain/ids.ts'
import type { GroupEngine, GroupState } from '../../crypto/mls/group-engine.ts'
import type { Repositories } from '../../ports/store.ts'
import { readParts, writeParts } from './epoch-parts.ts'
import { KEPT_EPOCHS } from './group-deps.ts'

/** All that `sync` reads and writes of MLS state is here, so that nothing else knows how it lies in the store. */

type Reading = Pick<Repositories, 'mls'>

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

/** The epochs that are readable here, newest first. */
export const keptEpochs = (store: Reading, groupId: GroupId): Eid[] => store.mls.epochs(groupId).map((epoch) => epoch.eid)

/** A group's first epoch here. */
export function writeFirst(tx: Reading, engine: GroupEngine, groupId: GroupId, { eid, epoch, state }: StoredState): void {
  writeParts(tx.mls, { groupId, eid, epoch, parent: null, supersededAt: null }, engine.encode(state))
}

/** The epoch that follows `parent`, which stays readable for a while; what is too old goes. */
export function writeNext(tx: Reading, engine: GroupEngine, groupId: GroupId, next: StoredState, parent: Eid, now: number): void {
  const { eid, epoch, state } = next
  tx.mls.supersedeEpoch(groupId, parent, now)
  writeParts(tx.mls, { groupId, eid, epoch, parent, supersededAt: null }, engine.encode(state))
  dropStale(tx, groupId, now)
}

/** The first epoch of a fresh leaf, which does not follow from what is here; what is here stays readable for a while. */
export function writeAfresh(tx: Reading, engine: GroupEngine, groupId: GroupId, first: StoredState, replaced: Eid, now: number): void {
  tx.mls.supersedeEpoch(groupId, replaced, now)
  writeFirst(tx, engine, groupId, first)
  dropStale(tx, groupId, now)
}

/** An epoch that is past already: it is only for reading. */
export function writePast(tx: Reading, engine: GroupEngine, groupId: GroupId, past: StoredState, parent: Eid, now: number): void {
  const { eid, epoch, state } = past
  writeParts(tx.mls, { groupId, eid, epoch, parent, supersededAt: now }, engine.encode(state))
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

function dropStale(tx: Reading, groupId: GroupId, now: number): void {
  const oldest = now - KEPT_EPOCHS.forMs
  const [, ...superseded] = tx.mls.epochs(groupId)
  for (const [newer, { eid, supersededAt }] of superseded.entries())
    if (newer >= KEPT_EPOCHS.atMost || (newer >= KEPT_EPOCHS.atLeast && (supersededAt ?? 0) < oldest)) tx.mls.deleteEpoch(groupId, eid)
  tx.mls.retireSignatureKeys(groupId)
}
