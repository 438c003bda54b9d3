import type { DeviceId, Eid, GroupId, MemberId } from '../../../shared/domain/ids.ts'
import type { Result } from '../../kernel/result.ts'
import type { LocalIdentity } from '../../identity/local-identity.ts'
import type { EpochParts, MovedSecrets } from '../../ports/mls-epoch.ts'

declare const state: unique symbol

/** MLS state of one member in one epoch. Opaque and immutable: every operation gives a new one and leaves its input intact. */
export interface GroupState {
  readonly [state]: true
}

/** Someone in the ratchet tree, as its credential, checked by the authentication service, says. */
export interface GroupMember {
  leafIndex: number
  memberId: MemberId
  deviceId: DeviceId
  name: string
}

/** A leaf that a commit takes away. `signatureKey`: 32 bytes, raw Ed25519. */
export interface RemovedLeaf extends GroupMember {
  signatureKey: Uint8Array
}

/** A leaf that a commit adds, and the key package it comes from, as its KeyPackageRef (RFC 9420 §5.2), hexadecimal. */
export interface AddedLeaf extends RemovedLeaf {
  reference: string
}

/** What a commit would do, for whoever decides whether its author may. All of it is authenticated. */
export interface ProposedChange {
  author: GroupMember
  added: AddedLeaf[]
  removed: RemovedLeaf[]
  /** The leaves that are there before and after. */
  staying: GroupMember[]
  /** The space that the group is under, which no commit changes; null for a space. */
  parent: GroupId | null
  /** The settings extension before and after; the same bytes if the commit leaves it alone. */
  settingsBefore: Uint8Array
  settingsAfter: Uint8Array
  authenticatedData: Uint8Array
}

/** Null if the author may; else why not, a word for the log. Must not throw. */
export type Authorise = (change: ProposedChange) => string | null

export type Received =
  | { kind: 'message'; state: GroupState; sender: GroupMember; plaintext: Uint8Array; authenticatedData: Uint8Array }
  | { kind: 'commit'; state: GroupState; change: ProposedChange }
  /** The commit removes this member: there is no next state. */
  | { kind: 'removed'; change: ProposedChange }
  /** A commit of this very leaf, which its author alone could follow; only where own messages are taken. */
  | { kind: 'own-commit'; change: ProposedChange }

export interface ReceiveOptions {
  takeOwn: boolean
  /** Called once for each message that is answered with success. What it is given never rejects. */
  verifyLater?: ((verify: () => Promise<boolean>) => void) | undefined
}

export type RejectReason =
  | 'malformed'
  | 'wrong-group'
  | 'wrong-epoch'
  | 'unsupported'
  /** Signature, tag, credential or tree does not hold. */
  | 'invalid'
  /** This generation was read before, or its key is gone. */
  | 'replay'
  /** It is our own: an author cannot read what it encrypted. */
  | 'own'
  | 'unauthorised'

export interface Rejection {
  reason: RejectReason
  /** A few words for the log; never input. */
  detail: string
}

export interface MessageHeader {
  groupId: GroupId
  epoch: number
  kind: 'message' | 'commit' | 'proposal'
}

export interface WelcomeWish {
  /** The space that the group is under; none unless told. */
  parent?: GroupId | null
  /** Whether a Welcome of this member is taken, who proves by it to be in that group; anybody's unless told. Else it is `unauthorised`. */
  accepts?: (welcomer: MemberId) => boolean
}

export interface KeyPackagePair {
  /** A TLS-encoded MLSMessage of wire format mls_key_package (RFC 9420 §6). */
  publicPackage: Uint8Array
  /** Encoded private keys; secret. */
  privatePackage: Uint8Array
}

export interface OfferedKeyPackage extends KeyPackagePair {
  /** KeyPackageRef (RFC 9420 §5.2), hexadecimal. */
  reference: string
  /** The public signature key of its leaf. */
  signatureKey: Uint8Array
}

export interface CommitRequest {
  /** TLS-encoded key packages to add, each checked like any peer's input. */
  add?: readonly Uint8Array[]
  removeLeaves?: readonly number[]
  /** Replaces the content of the settings extension. */
  settings?: Uint8Array
  authenticatedData: Uint8Array
}

export interface Committed {
  state: GroupState
  /** What the other members will be asked to authorise. */
  change: ProposedChange
  /** TLS-encoded MLSMessage (PrivateMessage) for the members of the old epoch. */
  commit: Uint8Array
  /** TLS-encoded MLSMessage (Welcome), ratchet tree inside; null if nobody was added. */
  welcome: Uint8Array | null
}

/**
 * MLS (RFC 9420) as pure functions: state in, new state and bytes out. The only importer of ts-mls.
 * Settings live in one GroupContext extension of a private type; sender authentication is MLS' own.
 * Nothing here keeps state, so nothing is safe until the caller stored the new state: store before sending.
 */
export interface GroupEngine {
  /** A group of one, in epoch 0. */
  create(group: { groupId: GroupId; parent?: GroupId | null; self: LocalIdentity; settings: Uint8Array }): Promise<GroupState>
  /** `scope` is what the leaf is certified for (`identity/groups-under.ts`): the group itself, or all groups under a space. */
  keyPackage(scope: GroupId, self: LocalIdentity): Promise<OfferedKeyPackage>
  /** Who offers this key package, if everything about it holds and it was made for this. */
  readKeyPackage(scope: GroupId, publicPackage: Uint8Array): Promise<Result<Omit<AddedLeaf, 'leafIndex'>, Rejection>>
  /** Opens a Welcome to that group with whichever of the pairs it is for. */
  join(groupId: GroupId, welcome: Uint8Array, pairs: readonly KeyPackagePair[], wish?: WelcomeWish): Promise<Result<GroupState, Rejection>>

  commit(state: GroupState, request: CommitRequest): Promise<Result<Committed, Rejection>>
  encrypt(state: GroupState, plaintext: Uint8Array, authenticatedData: Uint8Array): Promise<{ state: GroupState; message: Uint8Array }>
  /**
   * Total for any bytes: never throws, never hangs, changes nothing when it rejects. What this leaf made itself is rejected
   * as 'own', unless `takeOwn`: for a state that is only read any more, because it was put back from an older copy.
   * With `verifyLater` the signature of a message (not of a commit) is left for the caller to check: nothing that came of the
   * message, nor of what was received after it, may be used for anything before that gave true.
   */
  receive(state: GroupState, bytes: Uint8Array, authorise: Authorise, options?: ReceiveOptions): Promise<Result<Received, Rejection>>
  /** What is readable without keys. */
  inspect(bytes: Uint8Array): Result<MessageHeader, Rejection>

  groupId(state: GroupState): GroupId
  /** The space that the group is under; null for a space. */
  parent(state: GroupState): GroupId | null
  /** What key packages for this group are made for. */
  scope(state: GroupState): GroupId
  epoch(state: GroupState): number
  eid(state: GroupState): Promise<Eid>
  self(state: GroupState): GroupMember
  members(state: GroupState): GroupMember[]
  settings(state: GroupState): Uint8Array
  /** The signature key of a leaf, 32 bytes, raw Ed25519; null if there is no such leaf. */
  leafKey(state: GroupState, leafIndex: number): Uint8Array | null
  /** The HPKE key of a leaf (RFC 9420 §7.2), which every commit of that leaf renews; null if there is no such leaf. */
  encryptionKey(state: GroupState, leafIndex: number): Uint8Array | null
  /** The key that certifies the member of a leaf, and whose hash its id is: 32 bytes, raw Ed25519; null if there is no such leaf. */
  identityKey(state: GroupState, leafIndex: number): Uint8Array | null
  /** RFC 9420 §8.5. */
  exportSecret(state: GroupState, label: string, context: Uint8Array, length: number): Promise<Uint8Array>
  /** Ed25519 by this member's leaf key over a label of ours and the bytes, kept apart from everything MLS signs. */
  sign(state: GroupState, label: string, bytes: Uint8Array): Uint8Array
  /** Checks such a signature against the leaf; null if there is no such leaf or it does not hold. */
  verify(state: GroupState, label: string, bytes: Uint8Array, leafIndex: number, signature: Uint8Array): GroupMember | null

  /** All that is to be stored of a state. Throws `InvariantError` for one that no operation here makes. */
  encode(state: GroupState): EpochParts
  /**
   * All that differs between two states of one epoch, the second made from the first by messages: as much as they moved,
   * however large the group is. Throws `InvariantError` for any other two.
   */
  moved(before: GroupState, after: GroupState): MovedSecrets
  /** Throws `AppError('unreadable')`: the parts are our own, so damage is a fault and not an outcome. */
  decode(parts: EpochParts): GroupState
}
