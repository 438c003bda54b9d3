import { dirname } from 'node:path'
import type { Clock } from '../../kernel/clock.ts'
import type { Work } from '../../kernel/work.ts'
import type { OpenStore } from '../../storage/open-store.ts'
import { removeRepairLeftOvers } from '../../storage/repair/repair-database.ts'
import { hasRoomFor, listSnapshots, removeLeftOvers, removeSnapshots, takeSnapshot } from '../../storage/snapshots/snapshots.ts'
import type { Snapshot } from '../../storage/snapshots/snapshots.ts'
import { clearStaleMark, staleMark } from '../../storage/snapshots/stale.ts'
import type { Job } from './housekeeping.ts'

const MINUTE_MS = 60_000
const EVERY_MS = 24 * 60 * MINUTE_MS
/** The newest and one more: damage that is found late may be in the newest already. */
const KEPT = 2
/** Deleting often must not copy a large database all day long; what was deleted is gone from the snapshots after so long at the latest. */
const REPLACE_AT_MOST_EVERY_MS = 10 * MINUTE_MS

interface Deps {
  store: OpenStore
  clock: Clock
  /** For tests. */
  hasRoom?: typeof hasRoomFor
}

/** Keeps copies of the database beside it, for repairs. Looks every few minutes whether one is due. */
export const snapshotJob = (deps: Deps): Job => ({
  name: 'snapshot',
  firstMs: MINUTE_MS,
  everyMs: 5 * MINUTE_MS,
  run: (signal) => keepSnapshots(deps, { signal, progress: () => undefined }),
})

/** Throws what copying throws; the snapshots that are there stay then. */
export async function keepSnapshots({ store, clock, hasRoom = hasRoomFor }: Deps, work: Work): Promise<void> {
  const dir = dirname(store.file.path)
  removeLeftOvers(dir)
  removeRepairLeftOvers(dir)
  // The version that changed the schema started before and starts again: it works.
  if (store.migratedFrom === null) removeSnapshots(listSnapshots(dir).filter(({ reason }) => reason === 'migration'))
  const mark = staleMark(store.settings)
  const before = listSnapshots(dir)
  if (!isDue(before, mark !== null, clock.now())) return
  // A database that is damaged must not push out the copies that could mend it.
  if (store.damage.known.some((kind) => kind === 'page' || kind === 'record')) return
  if (!hasRoom(dir, store.file.size())) {
    if (mark !== null) forget(store, before, mark)
    return
  }
  await takeSnapshot(store.file, clock.now(), work)
  if (mark !== null) forget(store, before, mark)
  else
    removeSnapshots(
      listSnapshots(dir)
        .filter(({ reason }) => reason === 'daily')
        .slice(KEPT),
    )
}

/** What was deleted is still in them. */
function forget(store: OpenStore, snapshots: readonly Snapshot[], mark: number): void {
  removeSnapshots(snapshots)
  store.transaction((tx) => clearStaleMark(tx.settings, mark))
}

/** The clock may have been set back: a snapshot of the future is as old as it is far away. */
function isDue(snapshots: readonly Snapshot[], stale: boolean, now: number): boolean {
  const [newest] = snapshots
  if (newest === undefined) return true
  return Math.abs(now - newest.at) >= (stale ? REPLACE_AT_MOST_EVERY_MS : EVERY_MS)
}
