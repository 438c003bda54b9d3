import type { Eid, MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import type { GroupEngine, GroupState } from '../../crypto/mls/group-engine.ts'
import { equalBytes, toHex, utf8 } from '../../kernel/bytes.ts'
import type { LeaveRequest } from '../../ports/wire.ts'
import { readState } from '../group/epoch-store.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { objectIdOf } from '../group/object-id.ts'
import { decodeIntent, encodeIntent, intentIdOf } from './intent.ts'

/**
 * What those who leave said, signed by a leaf of theirs, is kept with the intents. A leaf does not come back by what it once came by: so
 * wherever it is found in the group later, its member still wants to be gone.
 */

type Claim = Pick<LeaveRequest, 'memberId' | 'leafKey'>

/** Whether that leaf of that member is in the group as it is now. */
export const isStillIn = ({ deps: { engine }, tip }: LiveGroup, claim: Claim): boolean => holds(engine, tip.state, claim)

/**
 * Whether a leaf that this one took the place of, on a branch that lost, is in the group as it is now. Its member left after that, and has no
 * word of the older leaf to give: it may never have had the keys.
 */
export function isOlderLeafIn({ deps: { engine, store }, groupId, tip }: LiveGroup, { memberId, leafKey }: Claim): boolean {
  const now = leafKeys(engine, tip.state, memberId)
  if (now.length === 0) return false
  const stateOf = (eid: Eid) => readState(store, engine, groupId, eid)?.state ?? null
  const passed = new Set<Eid>()
  const had = store.mls.epochs(groupId).filter(({ eid }) => {
    const state = stateOf(eid)
    return state !== null && holds(engine, state, { memberId, leafKey })
  })
  for (const epoch of had) {
    for (let at = epoch.parent; at !== null && !passed.has(at); at = store.commits.into(groupId, at)?.parent ?? null) {
      passed.add(at)
      const state = stateOf(at)
      if (state !== null && leafKeys(engine, state, memberId).some((key) => now.some((one) => equalBytes(one, key)))) return true
    }
  }
  return false
}

/** Whether that leaf of that member was in the group in any epoch that is kept, on whatever branch. */
export function wasIn({ deps: { engine, store }, groupId }: LiveGroup, claim: Claim): boolean {
  return store.mls.epochs(groupId).some(({ eid }) => {
    const stored = readState(store, engine, groupId, eid)
    return stored !== null && holds(engine, stored.state, claim)
  })
}

/** Whether somebody said with that leaf that they leave. */
export const hasLeft = (group: LiveGroup, claim: Claim): boolean => claimedBy(group, claim) !== null

/** The commit by which they are out, or what stands for it where they were in by none; null where they said nothing here. */
export function claimedBy({ deps: { store }, groupId }: LiveGroup, { memberId, leafKey }: Claim): ObjectId | null {
  const row = store.intents.list(groupId).find(({ body }) => {
    const intent = decodeIntent(body)
    return intent.kind === 'see-off' && intent.request.memberId === memberId && equalBytes(intent.request.leafKey, leafKey)
  })
  return row?.objectId ?? null
}

/** One for each leaf, by another name than that of a commit which says the same (`rememberLeaver`): this one nobody else can read it from. */
const nameOf = (objectId: ObjectId, { leafKey }: Pick<Claim, 'leafKey'>) => intentIdOf(objectIdOf(utf8(`${objectId} ${toHex(leafKey)}`)))

/** Keeps what somebody said who was out already, by that commit: it may lose. */
export function keepClaim({ deps: { store, clock }, groupId }: LiveGroup, request: LeaveRequest, objectId: ObjectId): void {
  const intentId = nameOf(objectId, request)
  const body = encodeIntent({ kind: 'see-off', request })
  store.transaction((tx) => tx.intents.put({ intentId, groupId, body, objectId, failure: null, createdAt: clock.now() }))
}

/** Those that were kept like this, the oldest first. Should this device go, others are to have them. */
export const keptClaims = ({ deps: { store }, groupId }: LiveGroup): LeaveRequest[] =>
  store.intents.list(groupId).flatMap(({ body, intentId, objectId }) => {
    const intent = decodeIntent(body)
    return intent.kind === 'see-off' && intentId === nameOf(objectId, intent.request) ? { ...intent.request, groupId } : []
  })

/** What those said whom these commits let go. */
export const claimsIn = ({ deps: { store }, groupId }: LiveGroup, commits: readonly ObjectId[]): LeaveRequest[] =>
  store.intents.list(groupId).flatMap(({ body, objectId }) => {
    const intent = decodeIntent(body)
    return intent.kind === 'see-off' && commits.includes(objectId) ? { ...intent.request, groupId } : []
  })

const holds = (engine: GroupEngine, state: GroupState, { memberId, leafKey }: Claim): boolean =>
  leafKeys(engine, state, memberId).some((key) => equalBytes(key, leafKey))

const leafKeys = (engine: GroupEngine, state: GroupState, memberId: MemberId): Uint8Array[] =>
  engine.members(state).flatMap((m) => (m.memberId === memberId ? (engine.leafKey(state, m.leafIndex) ?? []) : []))
