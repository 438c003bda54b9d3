import type { Frontier } from '../../ports/wire.ts'
import { reachedBefore } from '../group/epoch-store.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { eraOf } from './era.ts'
import { frontierOf } from './frontier.ts'

/** What this device has of a group. One that came back asks for the commits of the time before, too, as far as it can follow. */
export function groupFrontier({ groupId, deps: { store }, tip: { row } }: LiveGroup): Frontier {
  const era = eraOf(row.sentSeq)
  const reached = era === 0 ? null : reachedBefore(store, groupId, era)
  const open = reached !== null && store.objects.commitAfter(groupId, reached.eid) === null
  return frontierOf(row, store.senders.list(groupId), open ? { eid: reached.eid, epoch: reached.epoch } : undefined)
}
