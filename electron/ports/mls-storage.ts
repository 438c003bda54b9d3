import type { Eid, GroupId } from '../../shared/domain/ids.ts'
import type { EpochParts, MessageSecrets, MlsEpochRow, MovedSecrets, NodeSecret, OwnLeaf, RatchetStep } from './mls-epoch.ts'

/** A key package offered to a group, with its private half (RFC 9420 §10). */
export interface KeyPackageRow {
  /** KeyPackageRef of RFC 9420 §5.2, hexadecimal. */
  reference: string
  groupId: GroupId
  /** The public signature key of its leaf: tells whose of our offers to that group it belongs to. */
  signatureKey: Uint8Array
  publicPackage: Uint8Array
  privatePackage: Uint8Array
}

export interface SignatureKeyRow {
  groupId: GroupId
  publicKey: Uint8Array
  secret: Uint8Array
}

export interface QueuedProposal {
  /** ProposalRef of RFC 9420 §5.2, hexadecimal. */
  reference: string
  bytes: Uint8Array
}

/** A commit of ours that nobody has heard of yet, and the state it leads to. */
export interface PendingCommit {
  groupId: GroupId
  /** The epoch it leads out of. */
  eid: Eid
  commit: Uint8Array
  next: Uint8Array
}

export interface ExporterUse {
  label: string
  context: Uint8Array
}

/**
 * Every piece of MLS state, a row each: nothing is written twice that did not change.
 *
 * Parts of an epoch that never change are written once: another one in their place is a defect (`InvariantError`), the same one
 * again does nothing. Message secrets only go forward: a move that would bring a used one back is a defect too, so that no
 * generation is used twice. Whatever names an epoch that is not there, or writes outside a transaction, throws `InvariantError`;
 * reading what is not there gives null or nothing. What is given out are copies the caller owns.
 */
export interface MlsStorage
  extends MlsEpochs, MlsFixedParts, MlsOwnKeys, MlsMessageSecrets, MlsKeyPackages, MlsPreSharedKeys, MlsProposals, MlsExporterUses {}

export interface MlsEpochs {
  /** The same number and parent again does nothing; others are refused. */
  putEpoch(row: MlsEpochRow): void
  epoch(groupId: GroupId, eid: Eid): MlsEpochRow | null
  /** Newest first. */
  epochs(groupId: GroupId): MlsEpochRow[]
  /** Those that were superseded, newest first. */
  pastEpochs(groupId: GroupId): MlsEpochRow[]
  /** Null: it is the tip, or is so again. */
  supersedeEpoch(groupId: GroupId, eid: Eid, at: number | null): void
  /** With all that hangs on it. Signature keys, which epochs share, stay: see `retireSignatureKeys`. */
  deleteEpoch(groupId: GroupId, eid: Eid): void
  /** All there is of a group, key packages and signature keys included. */
  deleteGroup(groupId: GroupId): void
}

/** Each written once for each epoch. */
export interface MlsFixedParts {
  putGroupContext(groupId: GroupId, eid: Eid, bytes: Uint8Array): void
  groupContext(groupId: GroupId, eid: Eid): Uint8Array | null
  putRatchetTree(groupId: GroupId, eid: Eid, bytes: Uint8Array): void
  ratchetTree(groupId: GroupId, eid: Eid): Uint8Array | null
  putKeySchedule(groupId: GroupId, eid: Eid, bytes: Uint8Array): void
  keySchedule(groupId: GroupId, eid: Eid): Uint8Array | null
  putConfirmation(groupId: GroupId, eid: Eid, bytes: Uint8Array): void
  confirmation(groupId: GroupId, eid: Eid): Uint8Array | null
}

export interface MlsOwnKeys {
  /** Once for each epoch. Its signature key is stored already. */
  putOwnLeaf(groupId: GroupId, eid: Eid, leaf: OwnLeaf): void
  ownLeaf(groupId: GroupId, eid: Eid): OwnLeaf | null
  /** Once for each node of an epoch. */
  putPathKey(groupId: GroupId, eid: Eid, key: NodeSecret): void
  pathKey(groupId: GroupId, eid: Eid, node: number): Uint8Array | null
  /** By node. */
  pathKeys(groupId: GroupId, eid: Eid): NodeSecret[]
  deletePathKey(groupId: GroupId, eid: Eid, node: number): void
  /** Once for each public key. */
  putSignatureKey(row: SignatureKeyRow): void
  signatureKey(publicKey: Uint8Array): SignatureKeyRow | null
  /** Refused while a leaf of ours in any epoch uses it. */
  deleteSignatureKey(publicKey: Uint8Array): void
  /** Deletes those of a group that no epoch uses any more. Answers how many. */
  retireSignatureKeys(groupId: GroupId): number
}

export interface MlsMessageSecrets {
  /** As the epoch begins. Refused if it has any: an older copy must never replace what messages have moved. */
  putMessageSecrets(groupId: GroupId, eid: Eid, secrets: MessageSecrets): void
  /** Nodes, ratchets and skipped keys by index, handshake before application. */
  messageSecrets(groupId: GroupId, eid: Eid): MessageSecrets | null
  /** Writes what moved, and nothing else. Refused if it is of another epoch or does not begin at what is stored. */
  moveMessageSecrets(groupId: GroupId, eid: Eid, moved: MovedSecrets): void
  /** Where one sender's ratchets stand; empty if it was not heard in this epoch. */
  ratchets(groupId: GroupId, eid: Eid, leaf: number): RatchetStep[]
}

export interface MlsKeyPackages {
  /** Once for each reference. */
  putKeyPackage(row: KeyPackageRow): void
  keyPackage(reference: string): KeyPackageRow | null
  /** By reference. */
  keyPackagesOf(groupId: GroupId): KeyPackageRow[]
  deleteKeyPackage(reference: string): void
  /** Those with this signature key only, if one is given. Answers how many. */
  deleteKeyPackagesOf(groupId: GroupId, signatureKey?: Uint8Array): number
}

export interface MlsPreSharedKeys {
  /** Once for each id. */
  putPsk(id: Uint8Array, secret: Uint8Array): void
  psk(id: Uint8Array): Uint8Array | null
  deletePsk(id: Uint8Array): void
}

export interface MlsProposals {
  /** At the end of the epoch's queue; one that is queued already keeps its place. */
  queueProposal(groupId: GroupId, eid: Eid, proposal: QueuedProposal): void
  /** In the order they were queued. */
  queuedProposals(groupId: GroupId, eid: Eid): QueuedProposal[]
  removeProposal(groupId: GroupId, eid: Eid, reference: string): void
  clearProposals(groupId: GroupId, eid: Eid): void
  /** One for each group: another one replaces it. */
  putPendingCommit(pending: PendingCommit): void
  pendingCommit(groupId: GroupId): PendingCommit | null
  clearPendingCommit(groupId: GroupId): void
}

export interface MlsExporterUses {
  /** Answers false if it was noted before: what may be exported once is not to be exported then. */
  noteExport(groupId: GroupId, eid: Eid, use: ExporterUse): boolean
  wasExported(groupId: GroupId, eid: Eid, use: ExporterUse): boolean
}

/** Reads what schema 1 stored. Made by `crypto/mls` and handed to storage, which does not know what is in the bytes. */
export interface MlsConversion {
  /** Throws `AppError('unreadable')` on damage. */
  epoch(old: { fixedPart: Uint8Array; movingPart: Uint8Array }): EpochParts
  keyPackages(stored: Uint8Array): Omit<KeyPackageRow, 'groupId'>[]
}
