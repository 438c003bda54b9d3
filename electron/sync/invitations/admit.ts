import type { PeerId } from '../../../shared/domain/ids.ts'
import type { AddedLeaf } from '../../crypto/mls/group-engine.ts'
import { equalBytes } from '../../kernel/bytes.ts'
import type { JoinAnswer, JoinRefusal, JoinRequest } from '../../ports/wire.ts'
import { recentCommits } from '../group/carry-commits.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { carryOut } from '../intents/carry-out.ts'
import { returnGrant } from '../intents/grant-name.ts'
import { isKeptOut } from '../members/removed.ts'
import { invitationProblem } from '../policy/transitions.ts'
import { exchangePresented, leafKeyOf } from '../returning/readmit.ts'
import { verifyClaim } from './keys.ts'
import { noteLetIn } from './let-in.ts'

/** When to ask again after an answer that may change by itself. */
const LATER_MS = 5_000

type Welcome = Omit<Extract<JoinAnswer, { kind: 'welcome' }>, 'peers' | 'by'>

/**
 * Who asks may hear where all members are for so long: an answer that was lost, or put off until the commit settled, costs a newcomer
 * nothing, and would leave it with nobody to connect to. Whoever could ask in its place was a member so short a time ago.
 */
const TOLD_FOR_MS = 10 * 60_000

/**
 * `isOld`: it was granted long ago. Everybody who was a member then knows such a request, and may be none any more. `grant`: the name under
 * which the Welcome is kept.
 */
type Admitted = (Welcome & { isOld: boolean; grant: string }) | Exclude<JoinAnswer, { kind: 'welcome' }>

type NewLeaf = Pick<AddedLeaf, 'memberId' | 'deviceId' | 'signatureKey'>

const refused = (code: JoinRefusal): Admitted => ({ kind: 'refused', code })
const later: Admitted = { kind: 'later', afterMs: LATER_MS }

/**
 * Answers a stranger who asks to be added. The Welcome is durable before it is given, and the same request gets the same Welcome
 * again for as long as its newcomer is a member, so that an answer lost on the way costs nothing. `from`: the peer at the other end.
 */
export function admit(group: LiveGroup, request: JoinRequest, from: PeerId): Promise<Admitted> {
  return group.exclusive(async () => {
    const { engine, clock, logger } = group.deps
    const { groupId, invitationId, requestId, signature } = request
    const { settings, row } = group.tip
    if (row.returning) return later
    const invitation = settings.invitations.find((i) => i.invitationId === invitationId)
    // An invitation we have not heard of may be one that a commit still on its way to us makes.
    if (invitation === undefined) return later
    const [keyPackage] = request.keyPackages
    if (keyPackage === undefined) return refused('invitation-malformed')
    const newcomer = await engine.readKeyPackage(groupId, keyPackage)
    if (!newcomer.ok) {
      logger.warn('key-package-refused', { reason: newcomer.error.reason, detail: newcomer.error.detail })
      return refused('invitation-malformed')
    }
    const { memberId, deviceId } = newcomer.value
    const claim = { groupId, invitationId, requestId, memberId, deviceId }
    if (!verifyClaim(invitation.publicKey, claim, signature)) return refused('invitation-malformed')
    const at = clock.now()
    const problem = invitationProblem(invitation, at)
    if (settings.roles.has(memberId)) return again(group, request, { ...newcomer.value, from })
    // Before what the removal did to the invitation.
    if (isKeptOut(group, memberId, invitationId)) return refused('removed')
    if (problem !== null) return refused(problem)
    if (!group.may('invite')) return refused('not-permitted')
    const committed = await carryOut(group, { kind: 'admit', request, at, tries: 0 }, (tx) => noteLetIn(tx, group.groupId, memberId, at))
    return committed?.welcome == null ? later : welcomed(group, committed.welcome, requestId)
  })
}

/**
 * Whoever let this newcomer in has its Welcome. Where that is somebody else, who may be gone for good, it is told so, and then gets a fresh leaf
 * of anybody, as a member does who was put back from an older copy.
 */
async function again(
  group: LiveGroup,
  { requestId, fresh }: JoinRequest,
  { from, ...newcomer }: NewLeaf & { from: PeerId },
): Promise<Admitted> {
  const { store } = group.deps
  const leafKey = leafKeyOf(group, newcomer)
  const isTheirs = leafKey !== null && equalBytes(leafKey, newcomer.signatureKey)
  const granted = isTheirs ? store.invitations.grant(group.groupId, requestId) : null
  if (granted !== null) return welcomed(group, granted, requestId)
  // Whoever was a member can repeat the request of another: it tells nobody of a leaf that it does not name.
  if (fresh === undefined) return isTheirs ? { kind: 'leaf', leafKey } : later
  const answer = await exchangePresented(group, fresh, from)
  if (answer.kind === 'refused') return refused('invitation-malformed')
  if (answer.kind === 'returning') return later
  return answer.kind === 'welcome' ? welcomed(group, answer.welcome, returnGrant(fresh.keyPackage)) : answer
}

function welcomed(group: LiveGroup, welcome: Uint8Array, grant: string): Admitted {
  const { store, clock } = group.deps
  const isOld = clock.now() - (store.invitations.grantedAt(group.groupId, grant) ?? 0) > TOLD_FOR_MS
  return { kind: 'welcome', welcome, commits: recentCommits(group), isOld, grant }
}
