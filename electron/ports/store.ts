import type { ChannelId, Eid, GroupId, InvitationId, JoinId, MemberId, MessageId, ObjectId, PeerId } from '../../shared/domain/ids.ts'
import type { ChannelKind, JoinState, Role } from '../../shared/domain/models.ts'

/**
 * Everything durable, behind one door. All calls are synchronous; `transaction` is all or nothing and, once it returns,
 * durable (`synchronous=FULL`). Outside a transaction only reads are allowed.
 * Rows are plain values; byte fields are copies the caller owns.
 * Implementations: `storage/` (encrypted SQLite) and `testing/fakes/` (memory); both pass `testing/contracts/store`.
 */
export interface Store extends Repositories {
  /** Runs `work`, commits, returns its value. If `work` throws nothing changed and the same error is thrown. Not re-entrant. */
  transaction<T>(work: (tx: Repositories) => T): T
  close(): void
}

export interface Repositories {
  settings: SettingsRepository
  identities: IdentityRepository
  groups: GroupRepository
  epochs: EpochRepository
  objects: ObjectRepository
  deliveries: DeliveryRepository
  senders: SenderRepository
  messages: MessageRepository
  directory: DirectoryRepository
  peers: PeerRepository
  invitations: InvitationRepository
  joins: JoinRepository
}

/** Small values of the profile by name: its id and name, the transport key, ports, preferences. */
export interface SettingsRepository {
  get(key: string): Uint8Array | null
  set(key: string, value: Uint8Array): void
  delete(key: string): void
}

/** The profile's own identity in one group: an encoded secret that only `identity/` reads. */
export interface IdentityRepository {
  get(groupId: GroupId): Uint8Array | null
  put(groupId: GroupId, encoded: Uint8Array): void
}

export interface GroupRow {
  groupId: GroupId
  /** The epoch this device is in. */
  tip: Eid
  epoch: number
  joinedEpoch: number
  selfMemberId: MemberId
  /** `senderSeq` and object of the last message this device sent here; 0 and null before the first. */
  sentSeq: number
  sentObject: ObjectId | null
  /** A commit that could not be followed: the group is split. */
  split: boolean
  createdAt: number
}

export interface GroupRepository {
  get(groupId: GroupId): GroupRow | null
  list(): GroupRow[]
  put(row: GroupRow): void
}

/**
 * MLS state of one epoch in two parts: what is fixed for the epoch (ratchet tree, group context, key schedule)
 * and what each message moves (secret tree). A message rewrites the second only.
 */
export interface EpochRow {
  groupId: GroupId
  eid: Eid
  epoch: number
  parent: Eid | null
  fixedPart: Uint8Array
  movingPart: Uint8Array
  /** When a later epoch replaced it; null for the tip. */
  supersededAt: number | null
}

export interface EpochRepository {
  get(groupId: GroupId, eid: Eid): EpochRow | null
  put(row: EpochRow): void
  setMovingPart(groupId: GroupId, eid: Eid, movingPart: Uint8Array): void
  supersede(groupId: GroupId, eid: Eid, at: number): void
  /** Newest first. Without the parts. */
  list(groupId: GroupId): Omit<EpochRow, 'fixedPart' | 'movingPart'>[]
  delete(groupId: GroupId, eid: Eid): void
}

export interface ObjectRow {
  objectId: ObjectId
  groupId: GroupId
  kind: 'commit' | 'message'
  /** Encrypted under this epoch. For a commit: the epoch it leads out of. */
  eid: Eid
  epoch: number
  sender: MemberId
  /** Null for commits. */
  senderSeq: number | null
  bytes: Uint8Array
  storedAt: number
}

export interface ObjectRepository {
  /** Whether it was ever stored here, also when its ciphertext was pruned since. */
  has(objectId: ObjectId): boolean
  /** Null also for one that was pruned; the same goes for the lists below. */
  get(objectId: ObjectId): ObjectRow | null
  /** The commit that leads out of an epoch, if this device followed one. */
  commitAfter(groupId: GroupId, eid: Eid): ObjectRow | null
  /** Does nothing if it is there. Answers whether it was new. */
  put(row: ObjectRow): boolean
  /** Objects with `epoch` ≥ `fromEpoch`, in the order this device stored them, which is causal. `after` is the last one seen. */
  since(groupId: GroupId, fromEpoch: number, after: ObjectId | null, limit: number): ObjectRow[]
  /**
   * Drops ciphertext of messages stored before `before` that every recipient has, and of any stored before `atLatest`.
   * Answers how many. Of another's message nobody here knows who has it, so it is kept until `atLatest`.
   * Commits stay: a member who was away can follow the group through each of them or not at all.
   */
  prune(before: number, atLatest: number): number
}

export interface DeliveryRow {
  objectId: ObjectId
  groupId: GroupId
  memberId: MemberId
  /** When that member said it is durable there; null while it is owed. */
  ackedAt: number | null
}

/** The durable outbox: who is owed which of our own objects. */
export interface DeliveryRepository {
  /** One owed row for each recipient, unless there is one. The object is stored already. */
  owe(objectId: ObjectId, groupId: GroupId, recipients: readonly MemberId[]): void
  /** Answers whether it was owed until now. */
  ack(objectId: ObjectId, memberId: MemberId, at: number): boolean
  /** Marks all our messages up to this `senderSeq` as held by that member; answers the objects this changed. */
  ackThrough(groupId: GroupId, self: MemberId, memberId: MemberId, senderSeq: number, at: number): ObjectId[]
  /** Owed to that member and still here, oldest first. */
  owedTo(groupId: GroupId, memberId: MemberId, limit: number): ObjectId[]
  of(objectId: ObjectId): DeliveryRow[]
  /** The recipient is no longer a member: nothing is owed any more. Answers the objects this changed. */
  forgive(groupId: GroupId, memberId: MemberId): ObjectId[]
  queued(): { channelId: ChannelId; messages: number }[]
}

/** What this device has of each sender's chain. */
export interface SenderRow {
  groupId: GroupId
  memberId: MemberId
  /** Everything up to and including this one is here, from the first one this device can read. */
  seq: number
  /** Runs of later ones that are here though an earlier one is missing: from, to, from, to…, ascending, both ends included. */
  ahead: number[]
  lastObject: ObjectId | null
}

export interface SenderRepository {
  get(groupId: GroupId, memberId: MemberId): SenderRow | null
  list(groupId: GroupId): SenderRow[]
  put(row: SenderRow): void
}

export interface MessageRow {
  messageId: MessageId
  groupId: GroupId
  channelId: ChannelId
  objectId: ObjectId
  author: MemberId
  sentAt: number
  /** Hybrid Lamport time: orders messages together with `messageId`. */
  lamport: number
  text: string
  replyTo: MessageId | null
  /** The whole MIMI content as received or sent. */
  content: Uint8Array
  failure: string | null
}

/** `seq` is given by the store: 1, 2, 3… for each channel in the order of arrival. */
export type StoredMessage = MessageRow & { seq: number }

export interface MessageRepository {
  /**
   * Null if a message of that id by that author is there already. Another author's use of the id is a message of its own.
   * Its object is stored already. Whether the channel belongs to the group is for the caller to check.
   */
  add(row: MessageRow): StoredMessage | null
  get(messageId: MessageId): StoredMessage | null
  ofObject(objectId: ObjectId): StoredMessage | null
  /** Newest first by (lamport, messageId), older than `before` (opaque, from a previous page). */
  page(channelId: ChannelId, limit: number, before: string | null): { messages: StoredMessage[]; nextCursor: string | null }
  newestLamport(groupId: GroupId): number
  markRead(channelId: ChannelId, seq: number): void
  /** Others' messages after the read mark. */
  unread(channelId: ChannelId): number
}

export interface SpaceRow {
  groupId: GroupId
  name: string
  createdAt: number
}

export interface ChannelRow {
  channelId: ChannelId
  groupId: GroupId
  name: string
  kind: ChannelKind
  position: number
}

export interface MemberRow {
  groupId: GroupId
  memberId: MemberId
  name: string
  role: Role
  devices: number
  /** False once removed; kept so that old messages still have an author's name. */
  active: boolean
}

/** Tables that mirror group state, so that the window is drawn without opening MLS state. Written in the same transaction as the epoch. */
export interface DirectoryRepository {
  spaces(): SpaceRow[]
  space(groupId: GroupId): SpaceRow | null
  channels(groupId: GroupId): ChannelRow[]
  channel(channelId: ChannelId): ChannelRow | null
  members(groupId: GroupId): MemberRow[]
  member(groupId: GroupId, memberId: MemberId): MemberRow | null
  /**
   * Replaces all that is known of a group; members that are gone stay as inactive rows.
   * A channel id that is another group's channel already stays that group's.
   */
  replace(space: SpaceRow, channels: readonly ChannelRow[], members: readonly MemberRow[]): void
}

export interface PeerRow {
  groupId: GroupId
  memberId: MemberId
  peerId: PeerId
  addresses: string[]
  /** When a session of ours with it was last ready; null if it is only hearsay. */
  seenAt: number | null
}

export interface PeerRepository {
  list(): PeerRow[]
  ofGroup(groupId: GroupId): PeerRow[]
  /** Replaces the row of that member; hearsay never replaces what was seen. */
  put(row: PeerRow): void
}

/** The private half of invitations made here, and what was answered to those who used any. */
export interface InvitationRepository {
  putLink(groupId: GroupId, invitationId: InvitationId, link: string): void
  link(groupId: GroupId, invitationId: InvitationId): string | null
  /** The Welcome for a request that was granted here, so that asking twice gives the same answer. */
  grant(groupId: GroupId, requestId: string): Uint8Array | null
  putGrant(groupId: GroupId, requestId: string, welcome: Uint8Array, at: number): void
}

export interface JoinRow {
  joinId: JoinId
  link: string
  groupId: GroupId
  spaceName: string
  /** The name this profile shall have there. */
  memberName: string
  requestId: string
  identity: Uint8Array
  /** Key packages offered, private halves included; emptied when the join ends. */
  keyPackages: Uint8Array
  state: JoinState
  attempts: number
  startedAt: number
  expiresAt: number
}

export interface JoinRepository {
  get(joinId: JoinId): JoinRow | null
  list(): JoinRow[]
  put(row: JoinRow): void
  delete(joinId: JoinId): void
}
