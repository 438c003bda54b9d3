import { describe, expect, test } from 'vitest'
import { InvariantError } from '../../../kernel/errors.ts'
import type { CurrentStore } from '../store/current-store.ts'
import { groupId } from '../store/rows.ts'
import { G, bytesOf, keyPackageRow, secretOf, writing } from './rows.ts'

export function mlsKeyPackageContract(current: CurrentStore): void {
  const put = (...rows: ReturnType<typeof keyPackageRow>[]) =>
    writing(current, (mls) => {
      for (const row of rows) mls.putKeyPackage(row)
    })

  describe('key packages', () => {
    test('come back by reference, both halves', () => {
      put(keyPackageRow(1))
      expect(current().mls.keyPackage(keyPackageRow(1).reference)).toEqual(keyPackageRow(1))
      expect(current().mls.keyPackage(keyPackageRow(2).reference)).toBeNull()
    })

    test('are listed for a group, by reference', () => {
      put(keyPackageRow(3), keyPackageRow(1), keyPackageRow(2, { groupId: groupId(2) }))
      expect(current().mls.keyPackagesOf(G)).toEqual([keyPackageRow(1), keyPackageRow(3)])
      expect(current().mls.keyPackagesOf(groupId(3))).toEqual([])
    })

    test('are written once', () => {
      put(keyPackageRow(1))
      put(keyPackageRow(1))
      for (const other of [{ privatePackage: bytesOf(9) }, { publicPackage: bytesOf(9) }, { groupId: groupId(2) }])
        expect(() => put(keyPackageRow(1, other))).toThrow(InvariantError)
      expect(current().mls.keyPackagesOf(G)).toEqual([keyPackageRow(1)])
    })

    test('are gone once deleted, one by one, and it is no matter if one is not there', () => {
      put(keyPackageRow(1), keyPackageRow(2))
      writing(current, (mls) => {
        mls.deleteKeyPackage(keyPackageRow(1).reference)
        mls.deleteKeyPackage(keyPackageRow(7).reference)
      })
      expect(current().mls.keyPackagesOf(G)).toEqual([keyPackageRow(2)])
    })

    test('of a group are gone together, of one signature key by themselves', () => {
      const other = { signatureKey: secretOf(2) }
      put(keyPackageRow(1), keyPackageRow(2, other), keyPackageRow(3, other), keyPackageRow(4, { ...other, groupId: groupId(2) }))
      expect(writing(current, (mls) => mls.deleteKeyPackagesOf(G, secretOf(2)))).toBe(2)
      expect(current().mls.keyPackagesOf(G)).toEqual([keyPackageRow(1)])
      expect(writing(current, (mls) => mls.deleteKeyPackagesOf(G))).toBe(1)
      expect(writing(current, (mls) => mls.deleteKeyPackagesOf(G))).toBe(0)
      expect(current().mls.keyPackagesOf(groupId(2))).toHaveLength(1)
    })
  })

  describe('pre-shared keys', () => {
    test('come back by id, are written once and can be deleted', () => {
      writing(current, (mls) => {
        mls.putPsk(bytesOf(1), secretOf(1))
        mls.putPsk(bytesOf(1), secretOf(1))
        mls.putPsk(bytesOf(1, 0), secretOf(2))
      })
      expect(() => writing(current, (mls) => mls.putPsk(bytesOf(1), secretOf(3)))).toThrow(InvariantError)
      const { mls } = current()
      expect([mls.psk(bytesOf(1)), mls.psk(bytesOf(1, 0)), mls.psk(bytesOf(2))]).toEqual([secretOf(1), secretOf(2), null])
      writing(current, (tx) => {
        tx.deletePsk(bytesOf(1))
        tx.deletePsk(bytesOf(2))
      })
      expect([mls.psk(bytesOf(1)), mls.psk(bytesOf(1, 0))]).toEqual([null, secretOf(2)])
    })
  })
}
