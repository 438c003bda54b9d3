import type { LiveGroup } from '../group/live-group.ts'
import type { Standing } from './removal.ts'

/** A group as it is now, with a fresh key for after a removal. */
export const standingOf = (group: LiveGroup): Standing => ({
  settings: group.tip.settings,
  members: group.members(),
  presenceKey: group.deps.random.bytes(32),
})
