import type { MemberId } from '../../../shared/domain/ids.ts'
import type { GroupEngine, GroupState } from '../../crypto/mls/group-engine.ts'
import { equalBytes } from '../../kernel/bytes.ts'
import type { LeaveRequest } from '../../ports/wire.ts'
import { readState } from '../group/epoch-store.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { decodeIntent } from './intent.ts'

/**
 * What those who leave said, signed by a leaf of theirs, is kept with the intents. A leaf does not come back by what it once came by: so
 * wherever it is found in the group later, its member still wants to be gone.
 */

type Claim = Pick<LeaveRequest, 'memberId' | 'leafKey'>

/** Whether that leaf of that member is in the group as it is now. */
export const isStillIn = ({ deps: { engine }, tip }: LiveGroup, claim: Claim): boolean => holds(engine, tip.state, claim)

/** Whether that leaf of that member was in the group in any epoch that is kept, on whatever branch. */
export function wasIn({ deps: { engine, store }, groupId }: LiveGroup, claim: Claim): boolean {
  return store.mls.epochs(groupId).some(({ eid }) => {
    const stored = readState(store, engine, groupId, eid)
    return stored !== null && holds(engine, stored.state, claim)
  })
}

/** Whether somebody said with that leaf that they leave. */
export const hasLeft = ({ deps: { store }, groupId }: LiveGroup, memberId: MemberId, leafKey: Uint8Array): boolean =>
  store.intents.list(groupId).some(({ body }) => {
    const intent = decodeIntent(body)
    return intent.kind === 'see-off' && intent.request.memberId === memberId && equalBytes(intent.request.leafKey, leafKey)
  })

const holds = (engine: GroupEngine, state: GroupState, { memberId, leafKey }: Claim): boolean =>
  engine.members(state).some((m) => {
    const key = m.memberId === memberId ? engine.leafKey(state, m.leafIndex) : null
    return key !== null && equalBytes(key, leafKey)
  })
