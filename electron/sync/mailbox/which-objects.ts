import type { MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import type { ObjectRow } from '../../ports/store.ts'
import type { LiveGroup } from '../group/live-group.ts'

/** Whoever is connected and has not taken something after so long may be gone before it does. */
export const PATIENCE_MS = 60_000

/** Who is there now. */
export interface Around {
  connected: ReadonlySet<MemberId>
  /** Whether all of them are connected and said that they have this commit. */
  allHave: (members: readonly MemberId[], commit: ObjectId) => boolean
}

/**
 * What a mailbox is to do with an object of ours. `open`: whoever lacks it is connected and may be getting it this moment. What is owed to
 * nobody goes in as well, if anybody is away: without it they would see a gap, or not follow the group.
 */
export function needOf(group: LiveGroup, { objectId, kind, storedAt }: ObjectRow, { connected, allHave }: Around): 'none' | 'open' | 'put' {
  const wait = group.deps.clock.now() - storedAt < PATIENCE_MS ? 'open' : 'put'
  const others = [...new Set(group.members().map((m) => m.memberId))].filter((memberId) => memberId !== group.self)
  const away = others.some((memberId) => !connected.has(memberId))
  if (kind === 'commit') return allHave(others, objectId) ? 'none' : away ? 'put' : wait
  const rows = group.deps.store.deliveries.of(objectId)
  if (rows.length === 0) return away ? 'put' : 'none'
  const owed = rows.filter((row) => row.ackedAt === null)
  if (owed.length === 0) return 'none'
  return owed.some(({ memberId }) => !connected.has(memberId)) ? 'put' : wait
}
