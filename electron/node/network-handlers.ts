import type { GroupId, PeerId } from '../../shared/domain/ids.ts'
import type { NetworkHandlers } from '../ports/network.ts'
import type {
  Frontier,
  HandOver,
  HistoryAnswer,
  HistoryRequest,
  JoinAnswer,
  JoinRequest,
  LeaveAnswer,
  LeaveRequest,
  ObjectAck,
  ObjectPush,
  PeerHint,
  ReturnAnswer,
  ReturnRequest,
  SharedGroup,
  WelcomeAnswer,
  WelcomeRequest,
} from '../ports/wire.ts'
import type { LiveGroup } from '../sync/group/live-group.ts'
import type { Membership } from '../sync/group/membership.ts'
import { UNPROVEN } from '../sync/group/membership.ts'
import { hear, heardUpTo, notePlace } from '../sync/members/hear.ts'
import type { Listening } from '../sync/members/listening.ts'
import { takeHanded } from '../sync/delivery/take-handed.ts'
import { HistoryDesk } from '../sync/history/give-history.ts'
import { Intake } from '../sync/group/receive/intake.ts'
import { admit } from '../sync/invitations/admit.ts'
import { signWelcomer } from '../sync/invitations/welcomer.ts'
import { returnGrant } from '../sync/intents/grant-name.ts'
import { seeOff } from '../sync/members/leave.ts'
import { readmitPeer } from '../sync/returning/readmit.ts'
import type { Correspondence } from './meeting/correspondence.ts'
import type { PeerBook } from './meeting/peer-book.ts'
import type { LastWords } from './leaving/last-words.ts'
import type { Settled } from './settled.ts'
import type { Under } from './under/under.ts'

/** When to ask again while members are choosing among commits. */
const SOON_MS = 1_500
/** Where a group is not, or not yet: another member will know. */
const LATER_MS = 60_000

interface Deps {
  groups: ReadonlyMap<GroupId, LiveGroup>
  listening: Listening
  membership: Membership
  /** Made after the network, which needs these handlers first. */
  parts: () => {
    localPeer: PeerId
    correspondence: Correspondence
    peerBook: PeerBook
    under: Under
    now: () => number
    settled: Settled
    lastWords: LastWords
  }
}

/** Whether it can be one that somebody holds an invitation for; else it is put off, or refused, as it stands. */
function namesInvitation(group: LiveGroup | undefined, { invitationId }: JoinRequest): boolean {
  if (group === undefined || group.tip.row.returning) return false
  return group.tip.settings.invitations.some((invitation) => invitation.invitationId === invitationId)
}

/** What peers may ask of this node. Every argument is checked for form already and trusted for nothing else. */
export function networkHandlers({ groups, listening, membership, parts }: Deps): NetworkHandlers {
  const intakes = new WeakMap<LiveGroup, Intake>()
  const desk = new HistoryDesk()
  const intakeOf = (group: LiveGroup): Intake => {
    const intake = intakes.get(group) ?? new Intake(group)
    intakes.set(group, intake)
    return intake
  }
  return {
    membership,

    async onJoin(from: PeerId, request: JoinRequest, missed: () => void = () => undefined): Promise<JoinAnswer> {
      const group = groups.get(request.groupId)
      // Not only once `admit` has its turn with the group: until then it would count.
      if (!namesInvitation(group, request)) missed()
      if (group === undefined) return { kind: 'refused', code: 'invitation-wrong-space' }
      const answer = await admit(group, request, from)
      if (answer.kind === 'refused' && answer.code === 'invitation-malformed') missed()
      if (answer.kind !== 'welcome') return answer
      const { localPeer, peerBook, settled } = parts()
      // A Welcome to a branch that loses would make a member of nobody.
      if (!(await settled.granted(group, answer.grant))) return { kind: 'later', afterMs: SOON_MS }
      const { kind, welcome, commits, isOld } = answer
      const peers = isOld ? await peerBook.own(group) : await peerBook.hints(group)
      const by = signWelcomer(group.deps.engine, group.tip.state, { requestId: request.requestId, giver: localPeer, asker: from })
      return { kind, welcome, commits, peers, by }
    },

    async onPush(from: SharedGroup, push: ObjectPush): Promise<ObjectAck[]> {
      const group = groups.get(from.groupId)
      if (group !== undefined) return intakeOf(group).receive(push.objects)
      const heard = listening.get(from.groupId)
      return heard === undefined ? push.objects.map(() => 'rejected') : hear(heard, push.objects)
    },

    async onReturn(from: SharedGroup, peerId: PeerId, request: ReturnRequest): Promise<ReturnAnswer> {
      const group = groups.get(from.groupId)
      // Who was removed has no say in who is a member.
      if (group === undefined && listening.get(from.groupId) !== undefined) return { kind: 'refused', code: 'malformed' }
      if (group === undefined) return { kind: 'refused', code: 'not-member' }
      const answer = await readmitPeer(group, request, peerId)
      const isLost = answer.kind === 'welcome' && !(await parts().settled.granted(group, returnGrant(request.keyPackage)))
      return isLost ? { kind: 'later', afterMs: SOON_MS } : answer
    },

    async onLeave(from: SharedGroup, request: LeaveRequest): Promise<LeaveAnswer> {
      const group = groups.get(from.groupId)
      if (group === undefined) return { kind: 'later', afterMs: LATER_MS }
      const answer = await seeOff(group, request)
      // Whoever hears that it is done deletes what it has and asks nobody else; this device may be found to be out itself.
      const isOpen = answer.kind === 'done' && !(await parts().settled.seenOff(group, request))
      return isOpen ? { kind: 'later', afterMs: SOON_MS } : answer
    },

    onWelcome: (from: SharedGroup, request: WelcomeRequest): Promise<WelcomeAnswer> => parts().under.answer(from, request),

    onFrontier(from: SharedGroup, peerId: PeerId, theirs: Frontier): Promise<Frontier> {
      const heard = groups.has(from.groupId) ? undefined : listening.get(from.groupId)
      if (heard !== undefined) {
        notePlace(heard, listening.places(heard), from.memberId, theirs.eid)
        void parts().lastWords.give(heard, peerId, theirs.known)
      }
      const ours = heard && heardUpTo(heard, theirs)
      return Promise.resolve(ours ?? parts().correspondence.frontier(from, peerId, theirs))
    },

    onHistory(from: SharedGroup, request: HistoryRequest): Promise<HistoryAnswer> {
      const group = groups.get(from.groupId)
      if (group === undefined || from.memberId === UNPROVEN) return Promise.resolve({ kind: 'none' })
      return desk.answer(group, from.memberId, request)
    },

    onHandOver(from: SharedGroup, { contents }: HandOver): Promise<ObjectAck[]> {
      const group = groups.get(from.groupId)
      const isMember = group !== undefined && from.memberId !== UNPROVEN
      return isMember ? takeHanded(group, from.memberId, contents) : Promise.resolve(contents.map(() => 'later'))
    },

    async onHints(from: SharedGroup, theirs: PeerHint[]): Promise<PeerHint[]> {
      const group = groups.get(from.groupId)
      if (group === undefined || from.memberId === UNPROVEN) return []
      const { peerBook, now } = parts()
      peerBook.learn(group, await peerBook.open(theirs, group.groupId), { memberId: from.memberId, now: now() })
      return peerBook.hints(group)
    },
  }
}
