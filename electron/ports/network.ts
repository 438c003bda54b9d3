import type { GroupId, PeerId } from '../../shared/domain/ids.ts'
import type { Outside, Reachability, SessionPath, SessionState } from '../../shared/domain/models.ts'
import type { MailboxAnswer, MailboxRequest } from './mailbox.ts'
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
  PeerAddress,
  PeerHint,
  PeerRecord,
  ReturnAnswer,
  ReturnRequest,
  SharedGroup,
  WelcomeAnswer,
  WelcomeRequest,
} from './wire.ts'

/**
 * Members of shared groups, reachable by peer id. One session per peer; each session proves membership
 * before anything of a group passes over it. Implementations: `network/` (libp2p) and `testing/fakes/`.
 */
export interface Network {
  readonly localPeer: PeerId
  start(): Promise<void>
  /** Stops sessions first, then transports. Safe to call twice. */
  stop(): Promise<void>
  /** Multiaddrs others may dial, each ending in `/p2p/<localPeer>`. */
  addresses(): string[]
  /** The same, signed by this peer, for others to pass on; null while it does not run. */
  record(): Promise<Uint8Array | null>
  /** What another's record says; null unless that other signed it. */
  openRecord(record: Uint8Array): Promise<PeerRecord | null>

  /**
   * By whom to be found, from now on; before `start` as after it. Sessions that the change touches end and begin again.
   * Never fails: what cannot be reached is tried again and again.
   */
  setReach(reach: Reach): Promise<void>

  /**
   * Whom to stay in session with. Replaces the previous list. The network dials, backs off (exponential, full jitter)
   * and redials by itself; peers that leave the list keep their session until it idles out.
   */
  setWanted(peers: readonly PeerAddress[]): void
  /** Dials every wanted peer now, whatever its back-off. */
  retryNow(): void

  /** Asks whoever answers at one of these peers. Fails with `AppError('unreachable' | 'timed-out' | 'cancelled')`. */
  join(
    peer: PeerAddress,
    request: JoinRequest,
    options: { signal: AbortSignal; onStep: (step: 'connecting' | 'asking') => void },
  ): Promise<JoinAnswer>

  /**
   * Asks a mailbox, which is no member: no session is made, and nothing proven but by the request itself. Fails with
   * `AppError('unreachable' | 'timed-out' | 'cancelled')`; `not-found`: that peer keeps no mailbox.
   */
  mailbox(peer: PeerAddress, request: MailboxRequest, signal: AbortSignal): Promise<MailboxAnswer>

  /** The rest need a ready session that shares the group; else they fail with `AppError('unreachable')`. */
  push(peer: PeerId, push: ObjectPush, signal: AbortSignal): Promise<ObjectAck[]>
  /** Gives ours, answers theirs. */
  frontier(peer: PeerId, ours: Frontier, signal: AbortSignal): Promise<Frontier>
  /** Asks a member to exchange our leaf for a fresh one. */
  askReturn(peer: PeerId, request: ReturnRequest, signal: AbortSignal): Promise<ReturnAnswer>
  /** Asks a member to commit that we leave. */
  askLeave(peer: PeerId, request: LeaveRequest, signal: AbortSignal): Promise<LeaveAnswer>
  /** Asks a member for a page of what was said before we came. */
  askHistory(peer: PeerId, request: HistoryRequest, signal: AbortSignal): Promise<HistoryAnswer>
  /** Gives a member messages of ours that are for them alone; one ack for each. */
  handOver(peer: PeerId, given: HandOver, signal: AbortSignal): Promise<ObjectAck[]>
  /** Tells a member of a space of what is under it. */
  askWelcome(peer: PeerId, request: WelcomeRequest, signal: AbortSignal): Promise<WelcomeAnswer>
  /** Where members of the group were last reached. */
  hints(peer: PeerId, groupId: GroupId, ours: PeerHint[], signal: AbortSignal): Promise<PeerHint[]>
  /** Proves membership again on a live session, after either side joined or left a group. */
  reprove(peer: PeerId, signal: AbortSignal): Promise<readonly SharedGroup[]>

  sessions(): readonly SessionStatus[]
  /** How others come to this peer, as far as it is known. */
  reached(): Reached
  /** Goes to a relay of the list that `setReach` gave, and asks for a place there if there is none. Cut short by the signal. */
  probeRelay(address: string, signal: AbortSignal): Promise<RelayProbe>
  on<N extends keyof NetworkEvents>(name: N, listener: (data: NetworkEvents[N]) => void): () => void
}

export interface Reach {
  level: Reachability
  /** Multiaddrs of relays to have a place on, each ending in its peer id. */
  relays: readonly string[]
  /** Where looking for members begins, at `public`. */
  bootstrap: readonly string[]
}

/** The local network alone. */
export const NEARBY: Reach = { level: 'local', relays: [], bootstrap: [] }

export interface Reached {
  /** Nothing but this machine is used. */
  confined: boolean
  /** Addresses that this machine has on networks. */
  networks: number
  /** So many others were met on the local network; null where they are not looked for. */
  nearby: number | null
  outside: Outside
  relays: readonly { peerId: PeerId; held: boolean }[]
}

/** Nothing of it is known. */
export const UNREACHED: Reached = { confined: false, networks: 0, nearby: null, outside: 'unknown', relays: [] }

export type RelayProbe =
  /**
   * `refuses`: nothing listens there. `no-way`: no network leads there, or none is up. `other-key`: somebody else does. `not-understood`:
   * what answers breaks off.
   */
  | { kind: 'no-answer'; why: 'refuses' | 'silent' | 'no-way' | 'other-key' | 'not-understood' }
  /** `ms`: there and back. */
  | { kind: 'answers'; ms: number; place: RelayPlace }

/** `lost`: neither given nor refused. */
export type RelayPlace = 'held' | 'refused' | 'no-relay' | 'lost'

export interface SessionStatus {
  peerId: PeerId
  state: SessionState
  direction: 'inbound' | 'outbound' | null
  /** Null unless there is a connection. */
  path: SessionPath | null
  shared: readonly SharedGroup[]
  lastError: string | null
  retryAt: number | null
}

export interface NetworkEvents {
  /** A session is ready, or a ready one shares other groups than before. */
  ready: { peerId: PeerId; shared: readonly SharedGroup[] }
  closed: { peerId: PeerId }
  /** Our own addresses changed, or the machine woke. */
  moved: undefined
  /** Any change that `sessions()` or `addresses()` would show. */
  changed: undefined
}

/** What the network asks of whoever owns the groups. Given at construction; every call may come from a hostile peer. */
export interface NetworkHandlers {
  membership: MembershipProver
  /** Calls `missed` as soon as it finds that the request shows no invitation of ours: whoever holds none keeps out nobody who does. */
  onJoin(from: PeerId, request: JoinRequest, missed?: () => void): Promise<JoinAnswer>
  /** Answers one ack for each object, in order, each only after the object is durable. */
  onPush(from: SharedGroup, push: ObjectPush): Promise<ObjectAck[]>
  onFrontier(from: SharedGroup, peerId: PeerId, theirs: Frontier): Promise<Frontier>
  onReturn(from: SharedGroup, peerId: PeerId, request: ReturnRequest): Promise<ReturnAnswer>
  onLeave(from: SharedGroup, request: LeaveRequest): Promise<LeaveAnswer>
  onHistory(from: SharedGroup, request: HistoryRequest): Promise<HistoryAnswer>
  onHandOver(from: SharedGroup, given: HandOver): Promise<ObjectAck[]>
  onWelcome(from: SharedGroup, request: WelcomeRequest): Promise<WelcomeAnswer>
  onHints(from: SharedGroup, theirs: PeerHint[]): Promise<PeerHint[]>
}

/**
 * Proves membership without naming groups the other side is not in. `binding` is 32 bytes unique to this session
 * (both peer ids, both nonces); a tag is HMAC-SHA256(the group's presence key, role | binding), so only members recognise it.
 * A proof is a signature by the member's leaf key over the binding, the role and the group id.
 */
export interface MembershipProver {
  /** One 32-byte tag for each group this profile is in, padded with random ones to a multiple of 8, in random order. */
  tags(binding: Uint8Array, role: ProofRole): Uint8Array[]
  /** The groups of ours that made one of the other side's tags. */
  recognise(binding: Uint8Array, otherRole: ProofRole, tags: readonly Uint8Array[]): GroupId[]
  prove(groupId: GroupId, binding: Uint8Array, role: ProofRole): MembershipProof | null
  /** Null unless a current member of that group signed it. */
  verify(groupId: GroupId, binding: Uint8Array, otherRole: ProofRole, proof: MembershipProof): SharedGroup | null
}

export type ProofRole = 'initiator' | 'responder'

export interface MembershipProof {
  /** The tag under which the prover offered the group, so that no group id travels. */
  tag: Uint8Array
  leafIndex: number
  signature: Uint8Array
}
