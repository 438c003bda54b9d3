import type { MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import type { ObjectRow } from '../../ports/store.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { DAY_MS } from './day-keys.ts'

/** Whoever is connected and has not taken something after so long may be gone before it does. */
export const PATIENCE_MS = 60_000

/** Mailboxes are read more often than that: what was put by then was seen there. */
const OTHERS_AFTER_MS = 10 * 60_000
/** A mailbox that is new to everybody is not given a whole month of commits by everybody. */
const OTHERS_FOR_MS = 7 * DAY_MS

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

/** An acknowledgement: all members send one, and nobody misses it. */
export const isOwedToNobody = ({ deps }: LiveGroup, { objectId, kind }: ObjectRow): boolean =>
  kind === 'message' && deps.store.deliveries.of(objectId).length === 0

/**
 * What a mailbox that is not known to have it is to do with another's commit. Its author may have gone before it put it, and whatever is
 * put on top of it is nothing to those who lack it. `first`: before whatever of ours somebody waits for.
 */
export function needOfAnothers(
  group: LiveGroup,
  { objectId, kind, eid, storedAt }: ObjectRow,
  { allHave }: Around,
): 'none' | 'first' | 'put' {
  const { clock, store } = group.deps
  const age = clock.now() - storedAt
  if (kind !== 'commit' || age > OTHERS_FOR_MS || store.objects.commitAfter(group.groupId, eid)?.objectId !== objectId) return 'none'
  const others = [...new Set(group.members().map((m) => m.memberId))].filter((memberId) => memberId !== group.self)
  if (allHave(others, objectId)) return 'none'
  return age < OTHERS_AFTER_MS ? 'first' : 'put'
}
