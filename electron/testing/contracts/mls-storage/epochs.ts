import { describe, expect, test } from 'vitest'
import { InvariantError } from '../../../kernel/errors.ts'
import type { CurrentStore } from '../store/current-store.ts'
import { eid, groupId } from '../store/rows.ts'
import { E, G, NOTHING, epochRow, keyPackageRow, putWhole, signatureKeyRow, secretOf, wholeOf, writing } from './rows.ts'

export function mlsEpochContract(current: CurrentStore): void {
  describe('epochs', () => {
    test('come back whole, and are null where there are none', () => {
      const row = epochRow({ epoch: 7, parent: eid(9), supersededAt: 12 })
      writing(current, (mls) => mls.putEpoch(row))
      expect(current().mls.epoch(G, E)).toEqual(row)
      expect(current().mls.epoch(groupId(2), E)).toBeNull()
      expect(current().mls.epoch(G, eid(2))).toBeNull()
    })

    test('are listed newest first, one group at a time, past ones by themselves', () => {
      writing(current, (mls) => {
        mls.putEpoch(epochRow({ eid: eid(1), epoch: 1 }))
        mls.putEpoch(epochRow({ eid: eid(3), epoch: 3, parent: eid(2) }))
        mls.putEpoch(epochRow({ eid: eid(2), epoch: 2, parent: eid(1) }))
        mls.putEpoch(epochRow({ groupId: groupId(2), epoch: 9 }))
        mls.supersedeEpoch(G, eid(1), 44)
        mls.supersedeEpoch(G, eid(2), 45)
      })
      const { mls } = current()
      expect(mls.epochs(G).map((row) => row.epoch)).toEqual([3, 2, 1])
      expect(mls.pastEpochs(G).map((row) => [row.epoch, row.supersededAt])).toEqual([
        [2, 45],
        [1, 44],
      ])
      expect(mls.epochs(groupId(3))).toEqual([])
    })

    test('of two branches share a number and nothing else', () => {
      writing(current, (mls) => {
        putWhole(mls, G, eid(1), 1)
        putWhole(mls, G, eid(2), 2)
      })
      const { mls } = current()
      expect(mls.epochs(G).map((row) => [row.epoch, row.eid])).toEqual([
        [0, eid(1)],
        [0, eid(2)],
      ])
      expect(mls.ratchetTree(G, eid(1))).not.toEqual(mls.ratchetTree(G, eid(2)))
    })

    test('of two groups share an id and nothing else', () => {
      writing(current, (mls) => {
        putWhole(mls, groupId(1), E, 1)
        putWhole(mls, groupId(2), E, 2)
        mls.deleteEpoch(groupId(1), E)
      })
      const { mls } = current()
      expect(mls.ratchetTree(groupId(1), E)).toBeNull()
      expect(mls.ratchetTree(groupId(2), E)).toEqual(Uint8Array.of(2, 2))
      expect(mls.messageSecrets(groupId(2), E)?.nodes).toHaveLength(2)
    })

    test('put again change nothing, be it since superseded', () => {
      writing(current, (mls) => mls.putEpoch(epochRow()))
      writing(current, (mls) => mls.supersedeEpoch(G, E, 5))
      writing(current, (mls) => mls.putEpoch(epochRow()))
      expect(current().mls.epoch(G, E)?.supersededAt).toBe(5)
    })

    test.each([
      ['number', epochRow({ epoch: 1 })],
      ['parent', epochRow({ parent: eid(2) })],
    ])('put again with another %s are refused', (_, other) => {
      writing(current, (mls) => mls.putEpoch(epochRow()))
      expect(() => writing(current, (mls) => mls.putEpoch(other))).toThrow(InvariantError)
      expect(current().mls.epoch(G, E)).toEqual(epochRow())
    })

    test('that are not there cannot be superseded', () => {
      expect(() => writing(current, (mls) => mls.supersedeEpoch(G, E, 1))).toThrow(InvariantError)
    })

    test('take with them all that hangs on them', () => {
      writing(current, (mls) => putWhole(mls))
      const before = wholeOf(current().mls)
      for (const value of Object.values(before)) expect(value).not.toBeNull()
      writing(current, (mls) => mls.deleteEpoch(G, E))
      expect(wholeOf(current().mls)).toEqual(NOTHING)
    })

    test('that were deleted leave nothing for one of the same id', () => {
      writing(current, (mls) => putWhole(mls))
      writing(current, (mls) => {
        mls.deleteEpoch(G, E)
        mls.putEpoch(epochRow({ epoch: 4 }))
      })
      expect(wholeOf(current().mls)).toEqual({ ...NOTHING, epoch: epochRow({ epoch: 4 }) })
    })

    test('deleted leave the others of their group as they are', () => {
      writing(current, (mls) => {
        putWhole(mls, G, eid(1), 1)
        putWhole(mls, G, eid(2), 2)
      })
      const before = wholeOf(current().mls, G, eid(2))
      writing(current, (mls) => mls.deleteEpoch(G, eid(1)))
      expect(wholeOf(current().mls, G, eid(2))).toEqual(before)
    })

    test('that are not there can be deleted', () => {
      expect(() => writing(current, (mls) => mls.deleteEpoch(G, E))).not.toThrow()
    })
  })

  test('a group that is deleted leaves no epoch, key package or signature key, and other groups alone', () => {
    writing(current, (mls) => {
      putWhole(mls, G, eid(1), 1)
      putWhole(mls, G, eid(2), 2)
      putWhole(mls, groupId(2), eid(3), 3)
      mls.putKeyPackage(keyPackageRow(1))
      mls.putKeyPackage(keyPackageRow(2, { groupId: groupId(2) }))
      mls.putSignatureKey(signatureKeyRow(9))
    })
    const other = wholeOf(current().mls, groupId(2), eid(3))
    writing(current, (mls) => mls.deleteGroup(G))
    const { mls } = current()
    expect(mls.epochs(G)).toEqual([])
    expect(wholeOf(mls, G, eid(2))).toEqual(NOTHING)
    expect([1, 2, 9].map((n) => mls.signatureKey(secretOf(n)))).toEqual([null, null, null])
    expect(mls.keyPackagesOf(G)).toEqual([])
    expect(wholeOf(mls, groupId(2), eid(3))).toEqual(other)
    expect(mls.keyPackagesOf(groupId(2))).toHaveLength(1)
    expect(mls.signatureKey(secretOf(3))).not.toBeNull()
  })
}
