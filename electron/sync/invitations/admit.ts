import type { JoinAnswer, JoinRefusal, JoinRequest } from '../../ports/wire.ts'
import { recentCommits } from '../group/carry-commits.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { carryOut } from '../intents/carry-out.ts'
import { isKeptOut } from '../members/removed.ts'
import { invitationProblem } from '../policy/transitions.ts'
import { verifyClaim } from './keys.ts'

/** When to ask again after an answer that may change by itself. */
const LATER_MS = 5_000

type Welcome = Omit<Extract<JoinAnswer, { kind: 'welcome' }>, 'peers'>
/**
 * Who asks may hear where all members are for so long: an answer that was lost, or put off until the commit settled, costs a newcomer
 * nothing, and would leave it with nobody to connect to. Whoever could ask in its place was a member so short a time ago.
 */
const TOLD_FOR_MS = 10 * 60_000

/** `isOld`: it was granted long ago. Everybody who was a member then knows such a request, and may be none any more. */
type Admitted = (Welcome & { isOld: boolean }) | Exclude<JoinAnswer, { kind: 'welcome' }>

const refused = (code: JoinRefusal): Admitted => ({ kind: 'refused', code })
const later: Admitted = { kind: 'later', afterMs: LATER_MS }

/**
 * Answers a stranger who asks to be added. The Welcome is durable before it is given, and the same request gets the same Welcome
 * again for as long as its newcomer is a member, so that an answer lost on the way costs nothing.
 */
export function admit(group: LiveGroup, request: JoinRequest): Promise<Admitted> {
  return group.exclusive(async () => {
    const { engine, store, clock, logger } = group.deps
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
    if (settings.roles.has(memberId)) {
      const granted = store.invitations.grant(groupId, requestId)
      // Where there is none, somebody else admitted this newcomer and has its Welcome.
      if (granted === null) return later
      const isOld = at - (store.invitations.grantedAt(groupId, requestId) ?? 0) > TOLD_FOR_MS
      return { kind: 'welcome', welcome: granted, commits: recentCommits(group), isOld }
    }
    if (problem !== null) return refused(problem)
    if (isKeptOut(group, memberId)) return refused('not-permitted')
    if (!group.may('invite')) return refused('not-permitted')
    const committed = await carryOut(group, { kind: 'admit', request, at, tries: 0 })
    return committed?.welcome == null ? later : { kind: 'welcome', welcome: committed.welcome, commits: recentCommits(group), isOld: false }
  })
}
