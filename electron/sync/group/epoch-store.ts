import type { Eid, GroupId } from '../../../shared/domain/ids.ts'
import type { GroupEngine, GroupState } from '../../crypto/mls/group-engine.ts'
import type { Repositories } from '../../ports/store.ts'
import { KEPT_EPOCHS } from './group-deps.ts'

/** All that `sync` reads and writes of MLS state is here, so that nothing else knows how it lies in the store. */

type Reading = Pick<Repositories, 'epochs'>

export interface StoredState {
  eid: Eid
  epoch: number
  state: GroupState
}

/** Null if this device is not, or no longer, able to read that epoch. Throws `AppError('unreadable')` on damage. */
export function readState(store: Reading, engine: GroupEngine, groupId: GroupId, eid: Eid): StoredState | null {
  const row = store.epochs.get(groupId, eid)
  return row === null ? null : { eid, epoch: row.epoch, state: engine.decode(row) }
}

/** The number of the oldest epoch that is readable here; null if there is none. */
export const oldestKept = (store: Reading, groupId: GroupId): number | null => store.epochs.list(groupId).at(-1)?.epoch ?? null

/** The epochs that are readable here, newest first. */
export const keptEpochs = (store: Reading, groupId: GroupId): Eid[] => store.epochs.list(groupId).map((epoch) => epoch.eid)

/** A group's first epoch here. */
export function writeFirst(tx: Reading, engine: GroupEngine, groupId: GroupId, { eid, epoch, state }: StoredState): void {
  tx.epochs.put({ groupId, eid, epoch, parent: null, ...engine.encode(state), supersededAt: null })
}

/** The epoch that follows `parent`, which stays readable for a while; what is too old goes. */
export function writeNext(tx: Reading, engine: GroupEngine, groupId: GroupId, next: StoredState, parent: Eid, now: number): void {
  tx.epochs.supersede(groupId, parent, now)
  tx.epochs.put({ groupId, eid: next.eid, epoch: next.epoch, parent, ...engine.encode(next.state), supersededAt: null })
  dropStale(tx, groupId, now)
}

/** What messages moved between two states of one epoch; `before` is what is stored. */
export function writeMoved(
  tx: Reading,
  engine: GroupEngine,
  groupId: GroupId,
  eid: Eid,
  moved: { before: GroupState; after: GroupState },
): void {
  tx.epochs.setMovingPart(groupId, eid, engine.encodeMoving(moved.after))
}

function dropStale(tx: Reading, groupId: GroupId, now: number): void {
  const oldest = now - KEPT_EPOCHS.forMs
  const [, ...superseded] = tx.epochs.list(groupId)
  for (const [newer, { eid, supersededAt }] of superseded.entries())
    if (newer >= KEPT_EPOCHS.atMost || (newer >= KEPT_EPOCHS.atLeast && (supersededAt ?? 0) < oldest)) tx.epochs.delete(groupId, eid)
}
