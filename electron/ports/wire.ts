import type { ChannelId, Eid, GroupId, InvitationId, MemberId, MessageId, PeerId } from '../../shared/domain/ids.ts'

/** What peers say to each other, as values. `network/protocols/` gives each its bytes, limits and deadlines. */

export interface PeerAddress {
  peerId: PeerId
  /** Multiaddrs, at most 16; each may or may not end in `/p2p/<peerId>`. */
  addresses: string[]
}

/** Where a peer says that it is. */
export interface PeerRecord extends PeerAddress {
  /** Grows with each that the peer signs. */
  seq: number
  /** The whole, with the peer's signature over it, to pass on. */
  record: Uint8Array
}

/** Someone of a group and what their peer signed. That it is their peer is a hint, proven only by a session of one's own. */
export interface PeerHint {
  memberId: MemberId
  record: Uint8Array
}

/** A stranger who holds an invitation's private key asks to be added. The same request may come many times. */
export interface JoinRequest {
  groupId: GroupId
  invitationId: InvitationId
  /** Random 16 bytes, hexadecimal: makes repeating it safe. */
  requestId: string
  /** TLS-encoded MLS KeyPackage messages of the one who asks: at least one, at most 4. */
  keyPackages: Uint8Array[]
  /** Ed25519 with the invitation's private key over the request (see `sync/invitations`). */
  signature: Uint8Array
  /** Whoever let it in does not give the Welcome: a fresh leaf to take the place of the one it has there. */
  fresh?: PresentedLeaf
}

/** A fresh leaf, shown by the device that is to have it: what others saw of it is of no use to them. */
export interface PresentedLeaf extends FreshLeaf {
  /** Ed25519 with the key package's leaf key over the key package and the peer that asks (see `sync/returning`). */
  peer: Uint8Array
}

export type JoinRefusal =
  | 'invitation-malformed'
  | 'invitation-expired'
  | 'invitation-used-up'
  | 'invitation-revoked'
  | 'invitation-wrong-space'
  | 'already-member'
  | 'not-permitted'
  | 'removed'

/** Who gives a Welcome says which member that is, as no session did yet. */
export interface Welcomer {
  leafIndex: number
  /** Ed25519 with its leaf key over the request and the peers at both ends (see `sync/invitations`). */
  signature: Uint8Array
}

export type JoinAnswer =
  /** `commits` lead up to the newcomer's first epoch: it cannot read them, but can bring them to members who missed them. */
  | { kind: 'welcome'; welcome: Uint8Array; commits: WireObject[]; peers: PeerHint[]; by: Welcomer }
  /** Final. */
  | { kind: 'refused'; code: JoinRefusal }
  /** Ask again later, here or elsewhere. */
  | { kind: 'later'; afterMs: number }
  /** The one who asks is a member there with that leaf (its signature key, 32 bytes), and somebody else has the Welcome. */
  | { kind: 'leaf'; leafKey: Uint8Array }

/** One MLS message as it travels: `eid` names the epoch it is encrypted under. Its id is SHA-256 of `bytes`. */
export interface WireObject {
  eid: Eid
  bytes: Uint8Array
}

export interface ObjectPush {
  groupId: GroupId
  /** In causal order; at most 64, and at most 48 KiB together unless there is only one. */
  objects: WireObject[]
}

/**
 * `stored`: durable there (now or before). `unknown-epoch`: it lacks an earlier commit, ask for its frontier and start there.
 * `later`: could not be stored now. `rejected`: not acceptable, sending it again is no use.
 */
export type ObjectAck = 'stored' | 'unknown-epoch' | 'later' | 'rejected'

/**
 * A member whose device was put back from an older copy asks another to exchange its leaf for a fresh one: its old leaf
 * may have sent what the copy does not know of. May come many times.
 */
export interface ReturnRequest extends PresentedLeaf {
  groupId: GroupId
}

export interface FreshLeaf {
  /** The signature key of the leaf that is to go, 32 bytes, raw Ed25519. */
  leafKey: Uint8Array
  /** A TLS-encoded MLS KeyPackage message of the same member and device. */
  keyPackage: Uint8Array
  /** Ed25519 with the key package's leaf key over the claim (see `sync/returning`). */
  signature: Uint8Array
}

export type ReturnAnswer =
  /** `commits` lead up to the new leaf's first epoch. */
  | { kind: 'welcome'; welcome: Uint8Array; commits: WireObject[] }
  /** That device has another leaf now: claim that one. */
  | { kind: 'leaf'; leafKey: Uint8Array }
  /** Ask again later, here or elsewhere. */
  | { kind: 'later'; afterMs: number }
  /** Whoever answers asks to be let in itself (SPEC.md R5). */
  | { kind: 'returning' }
  /** `not-member`: whoever answers knows of no such member any more. */
  | { kind: 'refused'; code: 'not-member' | 'malformed' }

/** A member who leaves asks another to commit that, since nobody can commit its own removal. May come many times. */
export interface LeaveRequest {
  groupId: GroupId
  memberId: MemberId
  /** The signature key of one of its leaves, 32 bytes, raw Ed25519. */
  leafKey: Uint8Array
  /** Ed25519 with that key over the claim (see `sync/members/leave-claim.ts`). */
  signature: Uint8Array
}

export type LeaveAnswer =
  /** Whoever answers knows of no such member any more. */
  | { kind: 'done' }
  /** Ask again later, here or elsewhere. */
  | { kind: 'later'; afterMs: number }
  /** `last-owner`: it has become that since it wished to leave. */
  | { kind: 'refused'; code: 'malformed' | 'last-owner' }

/** A newcomer asks a member for what was said before it came. Pages go back in time, channel after channel. */
export interface HistoryRequest {
  groupId: GroupId
  /** The oldest message of the page before; null for the first page. */
  after: { channelId: ChannelId; lamport: number; messageId: MessageId } | null
}

/** Nothing proves to the newcomer who wrote it: `content` is what its author encrypted once, as MIMI content. */
export interface PastMessage {
  author: MemberId
  name: string
  content: Uint8Array
}

export type HistoryAnswer =
  /** Newest first within a channel; at most 48 KiB together, unless there is only one. `next` is to be given back; null at the end. */
  | { kind: 'page'; messages: PastMessage[]; next: HistoryRequest['after'] }
  /** Whoever answers may give nothing, or does not know when the one who asks came. */
  | { kind: 'none' }
  | { kind: 'later'; afterMs: number }

/**
 * What its author gives to one member alone: it was written for them and they cannot read it where it was, and not everybody who is
 * there now was shown when it was written. The session proves to them who gives it.
 */
export interface HandOver {
  groupId: GroupId
  /** Each as it was encrypted once, as MIMI content; at most 64, and at most 48 KiB together unless there is only one. */
  contents: Uint8Array[]
}

/** Key packages by which a member of a space can be added to what is under it while it is away. Passed on by anybody. */
export interface MemberOffer {
  memberId: MemberId
  /** Milliseconds; a later offer of the same member takes the place of an earlier one. */
  at: number
  /** TLS-encoded MLS KeyPackage messages: at least one, at most 4. */
  packages: Uint8Array[]
  /** Ed25519 with the last package's leaf key (see `sync/under/offers.ts`). */
  signature: Uint8Array
}

/** A member of a private channel or a direct message tells another member of the space that it is in it. May come many times. */
export interface WelcomeCall {
  group: GroupId
  /** The signature key of the leaf it has there, 32 bytes, raw Ed25519. */
  leafKey: Uint8Array
  /** Null where whoever calls does not have it. */
  welcome: Uint8Array | null
  /** They lead up to the newcomer's first epoch. */
  commits: WireObject[]
}

/** `groupId` is the space's. `own` is what the one who asks offers; `have`, which offers of others are there. */
export type WelcomeRequest =
  | { kind: 'call'; groupId: GroupId; call: WelcomeCall }
  | { kind: 'offers'; groupId: GroupId; own: MemberOffer | null; have: { memberId: MemberId; at: number }[] }

export type WelcomeAnswer =
  /** In it, durably. */
  | { kind: 'done' }
  /** It is in it with this fresh leaf from now on, once somebody commits the exchange; as a `ReturnRequest`. */
  | { kind: 'return'; keyPackage: Uint8Array; signature: Uint8Array }
  /** What the one who asked has not: as many as an answer holds. */
  | { kind: 'offers'; offers: MemberOffer[] }
  /** Ask again later. */
  | { kind: 'later'; afterMs: number }
  /** It is no group under this space that it would be in. */
  | { kind: 'refused' }

/** What a member has of a group, so that another can tell what it lacks. */
export interface Frontier {
  groupId: GroupId
  /** The newest epoch it is in, and the epoch's MLS number. */
  eid: Eid
  epoch: number
  /** It can read nothing of epochs before this one. */
  joinedEpoch: number
  /** Where its branches begin: it can read nothing but these epochs and what follows from them. At most 8. */
  roots: Eid[]
  /** Epochs it knows, from which another can tell what it knows besides: the newest of each branch, then ever older ones. At most 64. */
  known: Eid[]
  /**
   * For each sender: up to and including which `senderSeq` it has everything it can read, and runs of later ones that it has
   * all the same (from, to, from, to…, ascending; not necessarily all of them). At most 256, with 64 runs together.
   */
  senders: { memberId: MemberId; seq: number; ahead?: number[] }[]
  /** Asked because the other end had asked: it compares already, and need not once more. Never in an answer. */
  inReturn?: true
}

/** A group both ends proved to be in, and who the other end is there. */
export interface SharedGroup {
  groupId: GroupId
  memberId: MemberId
}
