import type { MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import type { ObjectRow } from '../../ports/store.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { DAY_MS } from './day-keys.ts'

/** Whoever is connected and has not taken something after so long may be gone before it does. */
export const PATIENCE_MS = 60_000

/** By then its author was there again, or it was met; a mailbox that is new to everybody is not given a month of commits by everybody. */
const OTHERS_FOR_MS = DAY_MS

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
 * What a mailbox that is not known to have it is to do with another's commit. Its author may have gone before it put it, and whatever is put
 * on top of it is nothing to those who lack it. `first`: before whatever of ours somebody waits for, and not by itself, or all would put it.
 * `open`: its author is there, and may be putting it this moment. Also of a branch that is not followed: which one is may change.
 */
export function needOfAnothers(group: LiveGroup, { kind, sender, storedAt }: ObjectRow, { connected }: Around): 'none' | 'first' | 'open' {
  const age = group.deps.clock.now() - storedAt
  if (kind !== 'commit' || age > OTHERS_FOR_MS) return 'none'
  if (!connected.has(sender)) return 'first'
  return age < PATIENCE_MS ? 'open' : 'none'
}
