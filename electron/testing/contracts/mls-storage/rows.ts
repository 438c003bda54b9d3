import type { Eid, GroupId } from '../../../../shared/domain/ids.ts'
import type { MessageSecrets, MlsEpochRow, MovedSecrets, NodeSecret, OwnLeaf, RatchetKind, RatchetStep } from '../../../ports/mls-epoch.ts'
import type { KeyPackageRow, MlsStorage, QueuedProposal, SignatureKeyRow } from '../../../ports/mls-storage.ts'
import type { CurrentStore } from '../store/current-store.ts'
import { eid, groupId } from '../store/rows.ts'

/** MLS rows in which everything not named is ordinary. Bytes say what they are of. */

export const G = groupId(1)
export const E = eid(1)

export const bytesOf = (...values: number[]): Uint8Array => Uint8Array.from(values)
export const secretOf = (n: number): Uint8Array => new Uint8Array(32).fill(n)

export const epochRow = (row: Partial<MlsEpochRow> = {}): MlsEpochRow => ({
  groupId: G,
  eid: E,
  epoch: 0,
  parent: null,
  supersededAt: null,
  ...row,
})

export const nodeSecret = (node: number, n = node): NodeSecret => ({ node, secret: secretOf(n) })

export const step = (leaf: number, kind: RatchetKind, generation: number, n = 100 + generation): RatchetStep => ({
  leaf,
  kind,
  generation,
  secret: secretOf(n),
})

/** Of a group of four in which leaf 2 was heard up to its fourth message, of which one was overtaken. */
export const secretsRow = (row: Partial<MessageSecrets> = {}): MessageSecrets => ({
  name: secretOf(1).subarray(0, 16),
  leafWidth: 4,
  nodes: [nodeSecret(1), nodeSecret(6)],
  ratchets: [step(2, 'handshake', 0), step(2, 'application', 4)],
  skipped: [step(2, 'application', 1), step(2, 'application', 3)],
  ...row,
})

export const movedRow = (row: Partial<MovedSecrets> = {}): MovedSecrets => ({
  name: secretOf(1).subarray(0, 16),
  nodes: { added: [], used: [] },
  ratchets: [],
  skipped: { added: [], used: [] },
  ...row,
})

export const signatureKeyRow = (n: number, row: Partial<SignatureKeyRow> = {}): SignatureKeyRow => ({
  groupId: G,
  publicKey: secretOf(n),
  secret: secretOf(n + 100),
  ...row,
})

export const ownLeaf = (n: number): OwnLeaf => ({ name: secretOf(1).subarray(0, 16), leafIndex: n, signatureKey: secretOf(n) })

const hex = (n: number): string => n.toString(16).padStart(64, '0')

export const keyPackageRow = (n: number, row: Partial<KeyPackageRow> = {}): KeyPackageRow => ({
  reference: hex(n),
  groupId: G,
  signatureKey: secretOf(1),
  publicPackage: bytesOf(n, 1),
  privatePackage: bytesOf(n, 2),
  ...row,
})

export const proposalRow = (n: number): QueuedProposal => ({ reference: hex(n), bytes: bytesOf(n) })

/** Every part of an epoch. */
export function putWhole(mls: MlsStorage, group: GroupId = G, epoch: Eid = E, n = 1): void {
  mls.putEpoch(epochRow({ groupId: group, eid: epoch }))
  mls.putGroupContext(group, epoch, bytesOf(n, 1))
  mls.putRatchetTree(group, epoch, bytesOf(n, 2))
  mls.putKeySchedule(group, epoch, bytesOf(n, 3))
  mls.putConfirmation(group, epoch, bytesOf(n, 4))
  mls.putSignatureKey(signatureKeyRow(n, { groupId: group }))
  mls.putOwnLeaf(group, epoch, ownLeaf(n))
  mls.putPathKey(group, epoch, nodeSecret(2 * n, n))
  mls.putMessageSecrets(group, epoch, secretsRow())
  mls.queueProposal(group, epoch, proposalRow(n))
  mls.putPendingCommit({ groupId: group, eid: epoch, commit: bytesOf(n, 5), next: bytesOf(n, 6) })
  mls.noteExport(group, epoch, { label: 'label', context: bytesOf(n) })
}

/** All that hangs on an epoch, as one value. */
export const wholeOf = (mls: MlsStorage, group: GroupId = G, epoch: Eid = E) => ({
  epoch: mls.epoch(group, epoch),
  fixed: [mls.groupContext(group, epoch), mls.ratchetTree(group, epoch), mls.keySchedule(group, epoch), mls.confirmation(group, epoch)],
  ownLeaf: mls.ownLeaf(group, epoch),
  pathKeys: mls.pathKeys(group, epoch),
  secrets: mls.messageSecrets(group, epoch),
  ratchets: mls.ratchets(group, epoch, 2),
  proposals: mls.queuedProposals(group, epoch),
  pending: mls.pendingCommit(group),
  exported: mls.wasExported(group, epoch, { label: 'label', context: bytesOf(1) }),
})

/** What is read of an epoch that is not there. */
export const NOTHING = {
  epoch: null,
  fixed: [null, null, null, null],
  ownLeaf: null,
  pathKeys: [],
  secrets: null,
  ratchets: [],
  proposals: [],
  pending: null,
  exported: false,
}

/** Runs `work` in one transaction of the store of the test that runs. */
export const writing = <T>(current: CurrentStore, work: (mls: MlsStorage) => T): T => current().transaction((tx) => work(tx.mls))
