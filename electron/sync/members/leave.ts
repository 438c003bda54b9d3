import { equalBytes } from '../../kernel/bytes.ts'
import { AppError } from '../../kernel/errors.ts'
import type { LeaveAnswer, LeaveRequest } from '../../ports/wire.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { verifyLeave } from './leave-claim.ts'
import { objectIdOf } from '../group/object-id.ts'
import { carryOut } from '../intents/carry-out.ts'
import { keepClaim, wasIn } from '../intents/left-claims.ts'
import { hasLeaveOffer } from './leave-offer.ts'
import { removalOf } from './removed.ts'

/** When to ask again after an answer that may change by itself. */
const LATER_MS = 5_000
const later: LeaveAnswer = { kind: 'later', afterMs: LATER_MS }

/** Answers somebody who leaves: commits that they go. Any member may. The same claim asked twice is done already. */
export function seeOff(group: LiveGroup, request: LeaveRequest): Promise<LeaveAnswer> {
  return group.exclusive(async () => {
    const { engine, store, logger } = group.deps
    const { groupId, memberId, leafKey, signature } = request
    const { state, row } = group.tip
    const leaves = group.members().filter((m) => m.memberId === memberId)
    // Somebody of whom nothing was heard here yet is not gone: the commit that added them is still on its way.
    if (leaves.length === 0) return store.directory.member(groupId, memberId)?.active === false ? alreadyGone(group, request) : later
    if (!verifyLeave({ groupId, leafKey }, signature)) return { kind: 'refused', code: 'malformed' }
    // Their leaf is another here: either of us is behind.
    const known = leaves.some((leaf) => equalBytes(engine.leafKey(state, leaf.leafIndex) ?? new Uint8Array(), leafKey))
    if (!known || row.returning || memberId === group.self) return later
    // Two who leave at once would each commit what the third, who is to carry it on, learns from neither.
    const others = group.members().some((m) => m.memberId !== memberId && m.memberId !== group.self)
    if (others && hasLeaveOffer(store, groupId)) return later
    if (!(await canGo(group, request))) return { kind: 'refused', code: 'last-owner' }
    logger.info('member-left')
    return { kind: 'done' }
  })
}

/** The commit by which they are out here may lose, and who heard that it is done asks nobody else: so the claim is kept with it. */
function alreadyGone(group: LiveGroup, request: LeaveRequest): LeaveAnswer {
  const { groupId, memberId, leafKey, signature } = request
  // A leaf that was theirs: anybody can sign with a key of their own.
  if (!verifyLeave({ groupId, leafKey }, signature) || !wasIn(group, request)) return { kind: 'done' }
  // Nobody removed who came by a commit that lost, and may be let in again by whoever made it.
  keepClaim(group, request, removalOf(group, memberId)?.objectId ?? objectIdOf(leafKey))
  return { kind: 'done' }
}

async function canGo(group: LiveGroup, request: LeaveRequest): Promise<boolean> {
  try {
    await carryOut(group, { kind: 'see-off', request })
    return true
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'last-owner') return false
    throw thrown
  }
}
