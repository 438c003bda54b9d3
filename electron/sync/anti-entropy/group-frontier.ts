import type { Frontier } from '../../ports/wire.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { bareFrontier, frontierOf } from './frontier.ts'
import { epochsHere } from './known-epochs.ts'

/** What this device has of a group. */
export const groupFrontier = ({ groupId, deps: { store }, tip: { row } }: LiveGroup): Frontier =>
  frontierOf(row, store.senders.list(groupId), epochsHere(store, groupId, row.tip))

/** What of it may be told to somebody who knows the presence key and could not prove more. */
export const bareGroupFrontier = ({ groupId, deps: { store }, tip: { row } }: LiveGroup): Frontier =>
  bareFrontier(row, epochsHere(store, groupId, row.tip))
