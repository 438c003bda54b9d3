import type { Eid, GroupId } from '../../shared/domain/ids.ts'

/** What an epoch's MLS state (RFC 9420) consists of when it is stored. Bytes are encoded by `crypto/mls`, which alone reads them. */

export interface MlsEpochRow {
  groupId: GroupId
  eid: Eid
  epoch: number
  parent: Eid | null
  /** When a later epoch replaced it; null for the tip. */
  supersededAt: number | null
}

/** A secret of one node: of the ratchet tree or of the secret tree, by its index in RFC 9420 appendix C. */
export interface NodeSecret {
  node: number
  secret: Uint8Array
}

export type RatchetKind = 'handshake' | 'application'

/** One step of a sender's ratchet: for a ratchet the next one it takes, for a skipped key the one it stands for. */
export interface RatchetStep {
  leaf: number
  kind: RatchetKind
  generation: number
  secret: Uint8Array
}

export type RatchetPosition = Omit<RatchetStep, 'secret'>

/** What messages of an epoch are encrypted with (RFC 9420 §9): all of it is used up, bit by bit, and none of it may come back. */
export interface MessageSecrets {
  /** Of the epoch, so that secrets of another one are told apart. */
  name: Uint8Array
  /** Leaves of the secret tree. */
  leafWidth: number
  /** Secrets of the tree that no sender below has been heard of yet. */
  nodes: NodeSecret[]
  /** Two for each sender heard in this epoch. */
  ratchets: RatchetStep[]
  /** Keys of messages that later ones of their sender overtook. */
  skipped: RatchetStep[]
}

/** What messages moved between two states of one epoch. One message moves one ratchet; the first of its sender opens it too. */
export interface MovedSecrets {
  name: Uint8Array
  nodes: { added: NodeSecret[]; used: number[] }
  ratchets: RatchetStep[]
  skipped: { added: RatchetStep[]; used: RatchetPosition[] }
}

export interface OwnLeaf {
  name: Uint8Array
  leafIndex: number
  /** The public half; the secret one is a signature key of the group. */
  signatureKey: Uint8Array
}

/** A whole state. All but `secrets` is fixed from the moment the epoch begins. */
export interface EpochParts {
  groupContext: Uint8Array
  ratchetTree: Uint8Array
  keySchedule: Uint8Array
  confirmation: Uint8Array
  ownLeaf: OwnLeaf
  signatureSecret: Uint8Array
  /** Private keys of our leaf and of the nodes above it that we know. */
  pathKeys: NodeSecret[]
  secrets: MessageSecrets
}
