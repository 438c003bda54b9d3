import type { CommitRepository, IntentRepository, WitnessRepository } from './branch-store.ts'
import type { ChannelId, Eid, GroupId, InvitationId, JoinId, MemberId, MessageId, ObjectId, PeerId } from '../../shared/domain/ids.ts'
import type { ChannelKind, GroupKind, JoinState, Landing, Role } from '../../shared/domain/models.ts'
import type { MlsStorage } from './mls-storage.ts'

/**
 * Everything durable, behind one door. All calls are synchronous; `transaction` is all or nothing and, once it returns,
 * durable (`synchronous=FULL`). Outside a transaction only reads are allowed.
 * Rows are plain values; byte fields are copies the caller owns.
 * Implementations: `storage/` (encrypted SQLite) and `testing/fakes/` (memory); both pass `testing/contracts/store`.
 */
export interface Store extends Repositories {
  /** Runs `work`, commits, returns its value. If `work` throws nothing changed and the same error is thrown. Not re-entrant. */
  transaction<T>(work: (tx: Repositories) => T): T
  /** Another number after each write, also after one that was undone, and never one that was there before: what was read at an equal one still holds. */
  changes(): number
  close(): void
}

export interface Repositories {
  settings: SettingsRepository
  identities: IdentityRepository
  groups: GroupRepository
  mls: MlsStorage
  objects: ObjectRepository
  commits: CommitRepository
  witnesses: WitnessRepository
  intents: IntentRepository
  deliveries: DeliveryRepository
  senders: SenderRepository
  messages: MessageRepository
  search: SearchRepository
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
  /** Put back from an older copy, or gone astray: it is read only, until a member let this device in with a fresh leaf. */
  returning: boolean
  createdAt: number
}

export interface GroupRepository {
  get(groupId: GroupId): GroupRow | null
  list(): GroupRow[]
  put(row: GroupRow): void
  /**
   * Deletes all that is kept of a group but settings, up to `limit` messages or objects at a time; answers whether any is left.
   * Begun, it has to be gone on with: what is half gone can be used for nothing.
   */
  forget(groupId: GroupId, limit: number): boolean
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

/** What an object is, without what it says. */
export type ObjectHead = Omit<ObjectRow, 'bytes' | 'storedAt'>

export interface SizedHead extends ObjectHead {
  /** In bytes. */
  size: number
}

export interface ObjectRepository {
  /**
   * Whether it was ever stored here as that group's, also when its ciphertext was pruned since. Of another group's it says no, or whoever
   * shares one group could ask what is in the others.
   */
  has(groupId: GroupId, objectId: ObjectId): boolean
  /** Null also for one that was pruned; the same goes for the lists below. */
  get(objectId: ObjectId): ObjectRow | null
  /** The commit that leads out of an epoch, if this device followed one. */
  commitAfter(groupId: GroupId, eid: Eid): ObjectRow | null
  /** Does nothing if it is there. Answers whether it was new. */
  put(row: ObjectRow): boolean
  /** Objects with `epoch` ≥ `fromEpoch`, in the order this device stored them, which is causal. `after` is the last one seen. */
  since(groupId: GroupId, fromEpoch: number, after: ObjectId | null, limit: number): ObjectRow[]
  /** The heads of those that `since` gives: a commit is tens of kilobytes, and mostly whoever is compared with has it. */
  headsSince(groupId: GroupId, fromEpoch: number, after: ObjectId | null, limit: number): SizedHead[]
  /** The heads of all commits with `epoch` ≥ `fromEpoch`, in no order. Goes through no message, however many there are. */
  commitsSince(groupId: GroupId, fromEpoch: number): SizedHead[]
  /**
   * Drops ciphertext of messages stored before `before` that every recipient has, and of any stored before `atLatest`.
   * At most `limit` of them, the oldest first; answers how many. Of another's message nobody here knows who has it, so it is
   * kept until `atLatest`. What is dropped can no longer be brought to anyone, so it is in no outbox and not queued any more.
   * Commits stay: a member who was away can follow the group through each of them or not at all.
   */
  prune(before: number, atLatest: number, limit?: number): number
  /** Our own messages stored before then that are owed, and that none of those has, the oldest first. */
  atNobodyBefore(before: number, limit: number): ObjectId[]
}

export interface DeliveryRow {
  objectId: ObjectId
  groupId: GroupId
  memberId: MemberId
  /** When that member said it is durable there; null while it is owed. */
  ackedAt: number | null
}

/** A message of ours that a member has not stored yet. */
export interface AwaitedRow {
  channelId: ChannelId
  objectId: ObjectId
  memberId: MemberId
}

/** The durable outbox: who is owed which of our own objects. */
export interface DeliveryRepository {
  /** One owed row for each recipient, unless there is one. The object is stored already. */
  owe(objectId: ObjectId, groupId: GroupId, recipients: readonly MemberId[]): void
  /** Answers whether it was owed until now. */
  ack(objectId: ObjectId, memberId: MemberId, at: number): boolean
  /** Marks all our messages up to this `senderSeq` that are still here as held by that member; answers the objects this changed. */
  ackThrough(groupId: GroupId, self: MemberId, memberId: MemberId, senderSeq: number, at: number): ObjectId[]
  /** Everything of one object, acknowledgements included, is another's from now on. Both are stored; the other has none yet. */
  move(from: ObjectId, to: ObjectId): void
  /** Owed to that member and still here, oldest first. */
  owedTo(groupId: GroupId, memberId: MemberId, limit: number): ObjectId[]
  of(objectId: ObjectId): DeliveryRow[]
  /** The recipient is no longer a member: nothing is owed any more. Answers the objects this changed; one dropped before stays as it was. */
  forgive(groupId: GroupId, memberId: MemberId): ObjectId[]
  queued(): { channelId: ChannelId; messages: number }[]
  /**
   * Who lacks which of what is queued: of each channel the newest `each` messages, and at most `limit` rows, newest messages first. Of each
   * group the newest 2,000 are looked through: a channel all of whose messages are older has none.
   */
  awaited(each: number, limit: number): AwaitedRow[]
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
  /** Names of the files that came with it, to be found by. */
  fileNames: string[]
  replyTo: MessageId | null
  /** The whole MIMI content as received or sent. */
  content: Uint8Array
  failure: string | null
}

/** `seq` is given by the store: 1, 2, 3… for each channel in the order of arrival; -1, -2, -3… for what was shared (`addShared`). */
export type StoredMessage = MessageRow & { seq: number }

/** A part of a channel, newest first by (lamport, messageId, seq). Cursors are opaque and stay good whatever comes and goes. */
export interface MessageSlice {
  messages: StoredMessage[]
  /** For `page`: what is older. Null where nothing is. */
  nextCursor: string | null
  /** For `newer`. Null where nothing is newer. */
  previousCursor: string | null
}

export interface MessageRepository {
  /**
   * Null if a message of that id by that author is there already, or was deleted here: for good, or with all that was older than
   * the channel keeps. Another author's use of the id is a message of its own.
   * Its object is stored already. Whether the channel belongs to the group is for the caller to check.
   */
  add(row: MessageRow): StoredMessage | null
  /**
   * A message of before this device joined, as a member gave it: nothing proves who wrote it. Null where `add` would be, too. It takes no
   * place from any other: what comes from its author replaces it, and another's of the same id comes before it. It is never unread.
   */
  addShared(row: Omit<MessageRow, 'objectId' | 'failure'>, sharedBy: MemberId): StoredMessage | null
  /** A message that its author gave to this device alone: like `add`, but it hangs on an object that nobody is ever brought. */
  addHanded(row: Omit<MessageRow, 'objectId' | 'failure'>): StoredMessage | null
  /** Who shared what hangs on this object, for what was handed over its author; null for what came to everybody from its author. */
  sharerOf(objectId: ObjectId): MemberId | null
  get(messageId: MessageId): StoredMessage | null
  /** What one object carried another, which is stored already, carries from now on. */
  move(from: ObjectId, to: ObjectId): void
  /** Why what this object carries cannot reach everybody it was for; null takes that back. */
  setFailure(objectId: ObjectId, failure: string | null): void
  ofObject(objectId: ObjectId): StoredMessage | null
  /** What is older than `before`; null: the newest. All three throw `AppError('invalid')` on what is no cursor. */
  page(channelId: ChannelId, limit: number, before: string | null): MessageSlice
  /** The next messages of before a place, newest first: a place in the order, whether a message is there or not. */
  olderThan(channelId: ChannelId, place: { lamport: number; messageId: string }, limit: number): StoredMessage[]
  /** What is newer than `after`, next to it. */
  newer(channelId: ChannelId, limit: number, after: string): MessageSlice
  /** The newest where there is nothing to land on, save for a message that is not in the channel: null. */
  around(channelId: ChannelId, limit: number, landing: Landing): MessageSlice | null
  newestLamport(groupId: GroupId): number
  markRead(channelId: ChannelId, seq: number): void
  readSeq(channelId: ChannelId): number
  /** Others' messages after the read mark. */
  unread(channelId: ChannelId): number
  /** Deletes it here for good: it is never added again. Null where it is not. */
  deleteForMe(messageId: MessageId): StoredMessage | null
  /** Whether a message of that id was deleted here for good. */
  wasDeleted(messageId: MessageId): boolean
  /** How many days the channel's messages are kept; null for as long as they exist. */
  keepDays(channelId: ChannelId): number | null
  setKeepDays(channelId: ChannelId, days: number | null): void
  /** Channels that do not keep everything. */
  channelsWithKeepDays(): { channelId: ChannelId; keepDays: number }[]
  /**
   * Deletes up to `limit` messages of the channel of before `before` (Lamport time), the oldest first, and from then on takes none of
   * others from before it. Answers which.
   */
  sweep(channelId: ChannelId, before: number, limit: number): MessageId[]
}

/** One thing to look for: a word, or several that follow each other in a message's text or in the name of one of its files. */
export interface SearchTerm {
  words: string
  /** The last word may go on. */
  prefix: boolean
}

export interface SearchQuery {
  /** All of them must occur. */
  terms: readonly SearchTerm[]
  /** Null looks everywhere. */
  groups: readonly GroupId[] | null
  channelId: ChannelId | null
  /** `relevance` orders the newest few hundred hits. */
  order: 'newest' | 'relevance'
  limit: number
  before: string | null
}

/**
 * Finds messages by their words, without regard to case, accents, points and vowel signs of Hebrew and Arabic, or full-width forms.
 * Scripts that are written without spaces are found by any run of characters, symbols and emoji one by one.
 */
export interface SearchRepository {
  /** Newest first by Lamport time. Throws `AppError('invalid')` on what is no cursor. */
  find(query: SearchQuery): { messages: StoredMessage[]; nextCursor: string | null }
  /** Messages that were there before there was an index are put into it in steps: this many now. Answers whether any are left. */
  indexMore(limit: number): boolean
  /** Whether any are left; those are not found yet. */
  isIncomplete(): boolean
  /** Throws the index away; `indexMore` makes it anew. */
  forget(): void
}

/** A space, or a private channel or direct message under one. */
export interface SpaceRow {
  groupId: GroupId
  kind: GroupKind
  /** The space it is under; null for a space. */
  parent: GroupId | null
  name: string
  createdAt: number
}

export interface ChannelRow {
  channelId: ChannelId
  groupId: GroupId
  name: string
  kind: Exclude<ChannelKind, 'direct'>
  /** Among the group's; of one that it has no more see `sync/group/lost-channels.ts`. */
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
  /** With what is under them. */
  spaces(): SpaceRow[]
  /** Private channels and direct messages under a space, by when they were made. */
  under(parent: GroupId): SpaceRow[]
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
  /** Of the record the addresses are from, and the record itself, as the peer signed it; 0 and null where nobody did. */
  seq: number
  record: Uint8Array | null
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
  /** When it was granted last; null where `grant` is. */
  grantedAt(groupId: GroupId, requestId: string): number | null
  putGrant(groupId: GroupId, requestId: string, welcome: Uint8Array, at: number): void
  /** Its commit did not last: whoever asks again is admitted anew. */
  dropGrant(groupId: GroupId, requestId: string): void
}

export interface JoinRow {
  joinId: JoinId
  link: string
  groupId: GroupId
  spaceName: string
  /** The name this profile shall have there. */
  memberName: string
  requestId: string
  /** Emptied when the join ends. The key packages offered with it are the group's that carry its signature key. */
  identity: Uint8Array
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
