import { describe, expect, test } from 'vitest'
import { AppError, InvariantError } from '../../../kernel/errors.ts'
import type { MlsStorage } from '../../../ports/mls-storage.ts'
import type { CurrentStore } from '../store/current-store.ts'
import { eid, groupId } from '../store/rows.ts'
import {
  E,
  G,
  bytesOf,
  epochRow,
  keyPackageRow,
  movedRow,
  nodeSecret,
  ownLeaf,
  proposalRow,
  putWhole,
  secretOf,
  secretsRow,
  signatureKeyRow,
  step,
  wholeOf,
  writing,
} from './rows.ts'

/** One write of every kind there is; done in this order all of them change something. */
const writes: Record<string, (mls: MlsStorage) => unknown> = {
  putEpoch: (mls) => mls.putEpoch(epochRow({ eid: eid(2) })),
  supersedeEpoch: (mls) => mls.supersedeEpoch(G, E, 5),
  putGroupContext: (mls) => mls.putGroupContext(G, eid(2), bytesOf(1)),
  putRatchetTree: (mls) => mls.putRatchetTree(G, eid(2), bytesOf(1)),
  putKeySchedule: (mls) => mls.putKeySchedule(G, eid(2), bytesOf(1)),
  putConfirmation: (mls) => mls.putConfirmation(G, eid(2), bytesOf(1)),
  putSignatureKey: (mls) => mls.putSignatureKey(signatureKeyRow(2)),
  putOwnLeaf: (mls) => mls.putOwnLeaf(G, eid(2), ownLeaf(1)),
  putPathKey: (mls) => mls.putPathKey(G, E, nodeSecret(9)),
  deletePathKey: (mls) => mls.deletePathKey(G, E, 2),
  deleteSignatureKey: (mls) => mls.deleteSignatureKey(secretOf(2)),
  retireSignatureKeys: (mls) => mls.retireSignatureKeys(G),
  putMessageSecrets: (mls) => mls.putMessageSecrets(G, eid(2), secretsRow()),
  moveMessageSecrets: (mls) =>
    mls.moveMessageSecrets(
      G,
      E,
      movedRow({
        nodes: { used: [1], added: [nodeSecret(0)] },
        ratchets: [step(2, 'application', 5)],
        skipped: { used: [{ leaf: 2, kind: 'application', generation: 1 }], added: [step(2, 'application', 0)] },
      }),
    ),
  putKeyPackage: (mls) => mls.putKeyPackage(keyPackageRow(3)),
  deleteKeyPackage: (mls) => mls.deleteKeyPackage(keyPackageRow(1).reference),
  deleteKeyPackagesOf: (mls) => mls.deleteKeyPackagesOf(G),
  putPsk: (mls) => mls.putPsk(bytesOf(2), secretOf(2)),
  deletePsk: (mls) => mls.deletePsk(bytesOf(1)),
  queueProposal: (mls) => mls.queueProposal(G, E, proposalRow(2)),
  removeProposal: (mls) => mls.removeProposal(G, E, proposalRow(1).reference),
  clearProposals: (mls) => mls.clearProposals(G, E),
  putPendingCommit: (mls) => mls.putPendingCommit({ groupId: G, eid: E, commit: bytesOf(9), next: bytesOf(9) }),
  clearPendingCommit: (mls) => mls.clearPendingCommit(G),
  noteExport: (mls) => mls.noteExport(G, E, { label: 'other', context: bytesOf(1) }),
  deleteEpoch: (mls) => mls.deleteEpoch(G, E),
  deleteGroup: (mls) => mls.deleteGroup(G),
}

const everything = (mls: MlsStorage) => ({
  epochs: mls.epochs(G),
  one: wholeOf(mls),
  two: wholeOf(mls, G, eid(2)),
  signatureKeys: [1, 2].map((n) => mls.signatureKey(secretOf(n))),
  keyPackages: mls.keyPackagesOf(G),
  psks: [1, 2].map((n) => mls.psk(bytesOf(n))),
  exported: mls.wasExported(G, E, { label: 'other', context: bytesOf(1) }),
})

export function mlsTransactionContract(current: CurrentStore): void {
  const begin = () =>
    writing(current, (mls) => {
      putWhole(mls)
      for (const n of [1, 2]) mls.putKeyPackage(keyPackageRow(n))
      mls.putPsk(bytesOf(1), secretOf(1))
    })

  describe('transactions', () => {
    test.each(Object.keys(writes))('%s in one that fails is undone, with all before it', (name) => {
      begin()
      const before = everything(current().mls)
      const names = Object.keys(writes)
      const doomed = () =>
        writing(current, (mls) => {
          for (const each of names.slice(0, names.indexOf(name) + 1)) writes[each]?.(mls)
          throw new Error('planned')
        })
      expect(doomed).toThrow('planned')
      expect(everything(current().mls)).toEqual(before)
    })

    test.each(Object.keys(writes))('%s outside of one is refused and changes nothing', (name) => {
      begin()
      const before = everything(current().mls)
      expect(() => writes[name]?.(current().mls)).toThrow(InvariantError)
      expect(everything(current().mls)).toEqual(before)
    })

    test('show what was written before they end', () => {
      writing(current, (mls) => {
        putWhole(mls, groupId(2), E, 1)
        expect(mls.messageSecrets(groupId(2), E)).toEqual(secretsRow())
        mls.deleteGroup(groupId(2))
        expect(mls.epochs(groupId(2))).toEqual([])
      })
    })
  })

  test('nothing is read from a store that is closed', () => {
    begin()
    const { mls } = current()
    current().close()
    expect(() => mls.epochs(G)).toThrow(AppError)
  })
}
