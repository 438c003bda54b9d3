import type { PeerId } from '../../../shared/domain/ids.ts'
import { equalBytes } from '../../kernel/bytes.ts'
import type { AddedLeaf } from '../../crypto/mls/group-engine.ts'
import type { FreshLeaf, PresentedLeaf, ReturnAnswer } from '../../ports/wire.ts'
import { recentCommits } from '../group/carry-commits.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { carryOut } from '../intents/carry-out.ts'
import { returnGrant } from '../intents/grant-name.ts'
import { verifyPresented, verifyReturn } from './claim.ts'

/** When to ask again after an answer that may change by itself. */
const LATER_MS = 5_000
const later: ReturnAnswer = { kind: 'later', afterMs: LATER_MS }
const returning: ReturnAnswer = { kind: 'returning' }
const malformed: ReturnAnswer = { kind: 'refused', code: 'malformed' }

/**
 * Answers a device that was put back from an older copy: exchanges its leaf for a fresh one, which it gave to this device itself. Any member
 * may. The Welcome is durable before it is given, and the same fresh leaf gets the same one again.
 */
export const readmit = (group: LiveGroup, fresh: FreshLeaf): Promise<ReturnAnswer> => group.exclusive(() => exchangeLeaf(group, fresh))

/** `readmit` for who asks: the peer at the other end has to be that device. */
export const readmitPeer = (group: LiveGroup, request: PresentedLeaf, from: PeerId): Promise<ReturnAnswer> =>
  group.exclusive(() => exchangePresented(group, request, from))

/** As `readmitPeer`, within the group's turn. */
export async function exchangePresented(group: LiveGroup, fresh: PresentedLeaf, from: PeerId): Promise<ReturnAnswer> {
  const { engine } = group.deps
  const offered = await engine.readKeyPackage(engine.scope(group.tip.state), fresh.keyPackage)
  const isTheirs = offered.ok && verifyPresented(offered.value.signatureKey, group.groupId, fresh, from)
  return isTheirs ? exchangeLeaf(group, fresh) : malformed
}

async function exchangeLeaf(group: LiveGroup, request: FreshLeaf): Promise<ReturnAnswer> {
  const { engine, store, logger } = group.deps
  const { groupId } = group
  const granted = store.invitations.grant(groupId, returnGrant(request.keyPackage))
  if (granted !== null) return { kind: 'welcome', welcome: granted, commits: recentCommits(group) }
  // Our own keys may be as old as theirs.
  if (group.tip.row.returning) return returning
  const offered = await engine.readKeyPackage(engine.scope(group.tip.state), request.keyPackage)
  if (!offered.ok) {
    logger.warn('return-refused', { reason: offered.error.reason, detail: offered.error.detail })
    return malformed
  }
  const { signatureKey, reference } = offered.value
  const leafKey = leafKeyOf(group, offered.value)
  if (leafKey === null) return { kind: 'refused', code: 'not-member' }
  if (!verifyReturn(signatureKey, { groupId, leafKey: request.leafKey, reference }, request.signature)) return malformed
  if (!equalBytes(leafKey, request.leafKey)) return { kind: 'leaf', leafKey }
  const committed = await carryOut(group, { kind: 'readmit', request })
  return committed?.welcome == null ? later : { kind: 'welcome', welcome: committed.welcome, commits: recentCommits(group) }
}

/** The signature key of the leaf that a device of a member has; null if it has none. */
export function leafKeyOf(group: LiveGroup, { memberId, deviceId }: Pick<AddedLeaf, 'memberId' | 'deviceId'>): Uint8Array | null {
  const leaf = group.members().find((m) => m.memberId === memberId && m.deviceId === deviceId)
  return leaf === undefined ? null : group.deps.engine.leafKey(group.tip.state, leaf.leafIndex)
}
