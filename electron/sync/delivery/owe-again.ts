import type { Eid, GroupId, MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import type { GroupEngine } from '../../crypto/mls/group-engine.ts'
import type { ObjectRow, Repositories } from '../../ports/store.ts'
import { oldestKept, readState } from '../group/epoch-store.ts'

const AT_ONCE = 500

interface Ours {
  engine: GroupEngine
  groupId: GroupId
  self: MemberId
}

/**
 * Whoever was removed where this group no longer is never was: our messages that were written with them there and that they did not say
 * they have are owed to them as before. What a removal deleted is made anew from what was said and who was there; it is rare enough.
 */
export function oweAgain(tx: Repositories, ours: Ours, back: ReadonlySet<MemberId>): ObjectId[] {
  const { groupId, self } = ours
  const changed: ObjectId[] = []
  if (back.size === 0) return changed
  const wereThere = whoWasThere(tx, ours)
  const from = oldestKept(tx, groupId) ?? 0
  for (let after: ObjectId | null = null; ;) {
    const page: ObjectRow[] = tx.objects.since(groupId, from, after, AT_ONCE)
    for (const { objectId, sender, eid } of page.filter(({ kind }) => kind === 'message')) {
      if (sender !== self || tx.messages.ofObject(objectId) === null) continue
      const owed = [...back].filter((memberId) => wereThere(eid).has(memberId))
      if (owed.length === 0) continue
      tx.deliveries.owe(objectId, groupId, owed)
      changed.push(objectId)
    }
    after = page.at(-1)?.objectId ?? null
    if (page.length < AT_ONCE) return changed
  }
}

function whoWasThere(tx: Repositories, { groupId, engine }: Ours): (eid: Eid) => ReadonlySet<MemberId> {
  const known = new Map<Eid, ReadonlySet<MemberId>>()
  return (eid) => {
    const found = known.get(eid)
    if (found !== undefined) return found
    const then = readState(tx, engine, groupId, eid)
    const members = new Set(then === null ? [] : engine.members(then.state).map(({ memberId }) => memberId))
    known.set(eid, members)
    return members
  }
}
