import type { Eid } from '../../../shared/domain/ids.ts'
import type { GroupRow, SenderRow } from '../../ports/store.ts'
import type { Frontier } from '../../ports/wire.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { bareFrontier, frontierOf } from './frontier.ts'
import { endsOf, epochsAmong } from './known-epochs.ts'

/** What this device has of a group, as one reading of the store. */
interface Here {
  frontier: Frontier
  bare: Frontier
  senders: readonly SenderRow[]
  /** Where the branches end that are known here: whoever knows these, and came in once, lacks no commit that leads there. */
  ends: () => readonly Eid[]
}

interface Reading extends Here {
  row: GroupRow
  changes: number
}

/** In a large group one thing that is new is compared with everybody, while nothing else is: read once. */
const readings = new WeakMap<LiveGroup, Reading>()

/** Holds until something is written. */
export function whatIsHere(group: LiveGroup): Here {
  const { groupId, deps, tip } = group
  const { store } = deps
  const { row } = tip
  const changes = store.changes()
  const known = readings.get(group)
  if (known?.changes === changes && known.row === row) return known
  const [all, senders] = [store.mls.epochs(groupId), store.senders.list(groupId)]
  const epochs = epochsAmong(all, row.tip)
  let found: readonly Eid[] | null = null
  // Who only says what is here needs no commits for it.
  const ends = (): readonly Eid[] => (found ??= endsOf(all, store.commits.of(groupId)))
  const reading = { row, changes, senders, ends, frontier: frontierOf(row, senders, epochs), bare: bareFrontier(row, epochs) }
  readings.set(group, reading)
  return reading
}

/** What this device has of a group. */
export const groupFrontier = (group: LiveGroup): Frontier => whatIsHere(group).frontier

/** What of it may be told to somebody who knows the presence key and could not prove more. */
export const bareGroupFrontier = (group: LiveGroup): Frontier => whatIsHere(group).bare
